// Tendril's website tracker: <script async src="https://…/t.js" data-key="tnd_…"></script>
// data-consent="required": silent until tendril.consent(true). data-form="key": forms with an email field go to that form.
(function (win, doc) {
  const me = doc.currentScript;
  if (!me || (win.tendril && win.tendril.track)) return;
  const set = me.dataset;
  const host = new URL(me.src).origin;
  const nav = navigator;
  const here = win.location;
  let waiting = [];
  let timer;
  let seen;

  // What is remembered, in the site's own storage only; where there is none, for as long as the page lives.
  const memory = {};
  function get(name) {
    try {
      return JSON.parse(localStorage.getItem('tnd_' + name));
    } catch {
      return memory[name];
    }
  }
  function put(name, value) {
    memory[name] = value;
    try {
      if (value === undefined) localStorage.removeItem('tnd_' + name);
      else localStorage.setItem('tnd_' + name, JSON.stringify(value));
    } catch {
      // Kept in memory only.
    }
  }
  function uuid() {
    return ([1e7] + -1e3 + -4e3 + -8e3 + -1e11).replace(/[018]/g, function (c) {
      return (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
    });
  }
  function allowed() {
    if (nav.globalPrivacyControl || nav.doNotTrack === '1' || win.doNotTrack === '1') return false;
    const said = get('consent');
    return said === true || (said !== false && set.consent !== 'required');
  }
  function visitor() {
    let id = get('aid');
    if (!id) put('aid', (id = uuid()));
    return id;
  }

  // Where they come from: the first time ever, and the last time from elsewhere.
  function utm() {
    const found = {};
    let any = false;
    new URLSearchParams(here.search).forEach(function (value, name) {
      if (/^utm_[a-z]+$/.test(name) && value) any = found[name.slice(4)] = value.slice(0, 200);
    });
    return any ? found : undefined;
  }
  function touch() {
    const from = doc.referrer;
    const outside = from && from.indexOf(here.origin + '/') !== 0;
    const now = { utm: utm(), referrer: outside ? from : undefined, url: here.href };
    if (!get('first')) put('first', now);
    if (now.utm || outside || !get('last')) put('last', now);
  }

  function send(leaving) {
    clearTimeout(timer);
    timer = 0;
    const batch = waiting.splice(0, 20);
    if (!batch.length) return;
    const body = JSON.stringify({ batch: batch, writeKey: set.key, sentAt: new Date() });
    const url = host + '/v1/batch';
    // text/plain needs no preflight, so that it leaves while the page unloads.
    if (leaving && nav.sendBeacon && nav.sendBeacon(url, new Blob([body], { type: 'text/plain' }))) return;
    function again() {
      waiting = batch.concat(waiting).slice(-100);
    }
    fetch(url, { method: 'POST', body: body, keepalive: true, credentials: 'omit', headers: { 'content-type': 'text/plain' } })
      .then(function (answer) {
        return answer.status > 499 ? again() : undefined;
      })
      .catch(again);
    if (waiting.length) later();
  }
  function later() {
    timer = timer || setTimeout(send, 200);
  }
  function add(call) {
    if (!allowed()) return;
    const u = utm() || {};
    const campaign = Object.assign({}, u, { name: u.campaign, campaign: undefined });
    call.messageId = uuid();
    call.timestamp = new Date();
    call.anonymousId = visitor();
    call.userId = call.userId || get('uid') || undefined;
    call.context = {
      page: where(),
      campaign: utm() && campaign,
      touch: { first: get('first'), last: get('last') },
      locale: nav.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      library: { name: 't.js' },
    };
    waiting.push(call);
    later();
  }
  function where() {
    return { url: here.href, path: here.pathname, search: here.search, title: doc.title, referrer: doc.referrer };
  }

  const api = {
    page: function (name, properties) {
      add({ type: 'page', name: name, properties: Object.assign(where(), properties) });
    },
    track: function (event, properties) {
      add({ type: 'track', event: event, properties: properties });
    },
    identify: function (userId, traits) {
      if (typeof userId === 'object') return api.identify(undefined, userId);
      if (userId && allowed()) put('uid', userId);
      add({ type: 'identify', userId: userId, traits: traits });
    },
    group: function (groupId, traits) {
      add({ type: 'group', groupId: groupId, traits: traits });
    },
    consent: function (yes) {
      if (!yes) api.reset();
      put('consent', yes);
      start();
    },
    // Forgets who this browser is, as at a logout.
    reset: function () {
      waiting = [];
      ['aid', 'uid', 'first', 'last'].forEach(function (name) {
        put(name);
      });
    },
    push: function (call) {
      api[call[0]].apply(api, call.slice(1));
    },
  };

  // Forms: what was typed, never a password, a card or a file; a form with a password is none of ours.
  const secret = /pass|pwd|card|cvc|cvv|ccnum|cc-|iban|ssn|secret|token|csrf/i;
  function answers(form, hidden) {
    const found = [];
    for (const e of form.elements) {
      const type = e.type;
      if (!e.name || e.disabled || /^(file|submit|button|image|reset)$/.test(type) || (type === 'hidden' && !hidden)) continue;
      if (type === 'password' || secret.test(e.name + ' ' + e.autocomplete)) continue;
      if ((type === 'checkbox' || type === 'radio') && !e.checked) continue;
      found.push([e.name, e.value]);
    }
    return found;
  }
  function flat(name, value, into) {
    if (value && typeof value === 'object') for (const key in value) flat(name + '.' + key, value[key], into);
    else if (value) into.push([name, value]);
  }
  function own() {
    const pairs = [['tnd_url', here.href]];
    if (!allowed()) return pairs;
    pairs.push(['tnd_aid', visitor()]);
    flat('tnd_first', get('first'), pairs);
    flat('tnd_last', get('last'), pairs);
    return pairs;
  }
  doc.addEventListener('submit', function (event) {
    const form = event.target;
    if (form.querySelector('[type=password]') || form.dataset.tendril === 'off') return;
    if (form.action.indexOf && form.action.indexOf(host + '/f/') === 0) {
      own().forEach(function (pair) {
        const input = form.elements[pair[0]] || doc.createElement('input');
        Object.assign(input, { type: 'hidden', name: pair[0], value: pair[1] });
        form.appendChild(input);
      });
      return;
    }
    const named = form.dataset.tendrilForm;
    const email = form.querySelector('[type=email],[name*=email i],[autocomplete=email]');
    const key = named || (allowed() && email && set.form);
    const typed = answers(form, named);
    if (key) {
      const body = new URLSearchParams(typed.concat(own()));
      const url = host + '/f/' + encodeURIComponent(key);
      if (!nav.sendBeacon || !nav.sendBeacon(url, body))
        fetch(url, { method: 'POST', body: body, keepalive: true, mode: 'no-cors' }).catch(Object);
    } else if (email && email.value) {
      api.identify({ email: email.value });
      api.track('form_captured', { form: form.id || form.name, fields: Object.fromEntries(typed) });
      send(true);
    }
  });

  function look() {
    const now = here.pathname + here.search;
    if (now === seen || !allowed()) return;
    seen = now;
    api.page();
  }
  function start() {
    if (!allowed()) return;
    touch();
    look();
  }
  ['pushState', 'replaceState'].forEach(function (name) {
    const was = history[name];
    history[name] = function () {
      const result = was.apply(this, arguments);
      setTimeout(look);
      return result;
    };
  });
  win.addEventListener('popstate', look);
  win.addEventListener('pagehide', function () {
    send(true);
  });
  doc.addEventListener('visibilitychange', function () {
    if (doc.visibilityState === 'hidden') send(true);
  });

  const asked = win.tendril;
  win.tendril = api;
  start();
  if (asked && asked.forEach) asked.forEach(api.push);
})(window, document);
