/**
 * Keeps the regions marked `data-live` fresh: the page is fetched again and only what changed is put in its place, so nothing
 * jumps, and scroll and focus stay. Rests while the page is hidden, and while somebody has the focus inside the region.
 */
export const refresh = `(() => {
  const seconds = Number(document.currentScript.dataset.seconds) || 5;
  const look = async () => {
    try {
      if (document.hidden) return;
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, credentials: 'same-origin' });
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const region of document.querySelectorAll('[data-live]')) {
        const fresh = next.getElementById(region.id);
        if (!fresh || fresh.innerHTML === region.innerHTML || region.contains(document.activeElement)) continue;
        region.innerHTML = fresh.innerHTML;
      }
    } catch {} finally {
      setTimeout(look, seconds * 1000);
    }
  };
  setTimeout(look, seconds * 1000);
})();
`;
