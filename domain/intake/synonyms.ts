import type { LeadField } from '../forms/form.ts';

/**
 * What a field is called, in the languages of those who fill it in. A word must be the whole label; a phrase may stand anywhere in it,
 * as in "What is your first name?".
 */
const words: Record<LeadField, string> = {
  email:
    'email|e mail|mail|emailaddress|email address|e mail address|mail address|work email|business email|company email|corporate email|your email|contact email|user email|reply to|replyto|_replyto|from email|' +
    'e mail adresse|mailadresse|email adresse|emailadresse|geschaftliche e mail|adresse e mail|adresse mail|adresse email|courriel|adresse courriel|courrier electronique|mel|' +
    'correo|correo electronico|direccion de correo|direccion de correo electronico|correo e|indirizzo email|indirizzo e mail|posta elettronica|endereco de email|endereco de e mail|correio eletronico|' +
    'e mailadres|mailadres|adres e mail|adres email|poczta|eposta|e posta|e posta adresi|epost|e post|e postadress|sahkoposti|e mailcim|emailova adresa|' +
    'почта|электронная почта|эл почта|емейл|имейл|эл адрес|адрес электронной почты|电子邮件|电子邮箱|邮箱|邮箱地址|邮件|电邮|邮件地址|电子邮件地址|電子郵件|電子郵箱|郵箱|信箱|電郵|' +
    'メール|メールアドレス|eメール|電子メール|이메일|이메일 주소|메일|전자우편|البريد الالكتروني|بريد الكتروني|ایمیل|email שלך|אימייל|דואל',
  phone:
    'phone|telephone|tel|mobile|cell|phone number|telephone number|mobile number|mobile phone|cell phone|work phone|business phone|contact number|phone no|tel no|whatsapp|whatsapp number|fon|mobilephone|phonenumber|' +
    'telefon|telefonnummer|rufnummer|handy|handynummer|mobilnummer|mobil|mobiltelefon|telefone|celular|numero de telefone|telemovel|telefono|numero de telefono|movil|numero di telefono|cellulare|' +
    'numero de telephone|portable|mobiele telefoon|telefoon|telefoonnummer|mobiel|gsm|numer telefonu|telefon komorkowy|komorka|nr telefonu|telefon numarasi|cep telefonu|cep|telefonni cislo|puhelin|puhelinnumero|' +
    'телефон|номер телефона|мобильный|мобильный телефон|контактный телефон|电话|电话号码|手机|手机号|手机号码|联系电话|联系方式|電話|電話號碼|手機|手機號碼|聯絡電話|電話番号|携帯|携帯電話|携帯番号|전화|전화번호|연락처|휴대폰|휴대전화|핸드폰|رقم الهاتف|الهاتف',
  firstName:
    'first name|firstname|fname|given name|givenname|forename|christian name|first|name first|your first name|vorname|rufname|prenom|nombre de pila|primer nombre|nome proprio|primeiro nome|nome di battesimo|' +
    'voornaam|imie|имя и отчество|ad|adiniz|isim|fornamn|fornavn|etunimi|jmeno|krestni jmeno|keresztnev|名|名字|given|下の名前|الاسم الاول',
  lastName:
    'last name|lastname|lname|surname|family name|familyname|second name|last|name last|nachname|familienname|zuname|nom de famille|apellido|apellidos|cognome|sobrenome|apelido|ultimo nome|achternaam|familienaam|' +
    'nazwisko|фамилия|soyad|soyadi|soyadiniz|soyisim|efternamn|etternavn|efternavn|sukunimi|prijmeni|vezeteknev|姓|姓氏|family|苗字|名字姓|성|اسم العائلة|اللقب',
  name:
    'name|full name|fullname|your name|contact name|contact person|person name|customer name|lead name|applicant name|display name|displayname|who are you|' +
    'ihr name|vollstandiger name|vor und nachname|vorname nachname|vorname und nachname|name vorname|ansprechpartner|kontaktperson|nom|nom complet|votre nom|nom et prenom|nom prenom|prenom et nom|nombre|nombre completo|su nombre|nombre y apellidos|nombre y apellido|persona de contacto|' +
    'nome|nome completo|nome e cognome|seu nome|il tuo nome|naam|volledige naam|uw naam|voor en achternaam|imie i nazwisko|twoje imie|имя|ваше имя|фио|полное имя|имя и фамилия|как вас зовут|контактное лицо|ad soyad|adi soyadi|adiniz soyadiniz|isim soyisim|namn|navn|nimi|cele jmeno|jmeno a prijmeni|nev|teljes nev|' +
    '姓名|您的姓名|称呼|如何称呼|联系人|联系人姓名|名称 个人|真实姓名|聯絡人|聯繫人|氏名|お名前|名前|ご氏名|担当者名|ご担当者名|이름|성함|성명|담당자|담당자명|الاسم|الاسم الكامل|שם|שם מלא',
  title:
    'job title|jobtitle|title|position|role|job|job role|your role|job position|occupation|function|designation|jobrole|position title|berufsbezeichnung|jobtitel|stelle|funktion|poste|fonction|intitule du poste|titre du poste|cargo|puesto|puesto de trabajo|ruolo|posizione|qualifica|funcao|profissao|' +
    'functie|functietitel|stanowisko|должность|unvan|unvaniniz|pozisyon|gorev|titel|stilling|titteli|pozice|beosztas|职位|职务|职称|岗位|職位|職稱|役職|職種|肩書き|직책|직함|직위|المسمى الوظيفي',
  company:
    'company|company name|companyname|organization|organisation|organization name|organisation name|business|business name|employer|firm|account|account name|your company|company organization|org|institution|name of company|name of your company|workplace|' +
    'firma|firmenname|unternehmen|unternehmensname|firmenbezeichnung|name der firma|name des unternehmens|betrieb|arbeitgeber|gesellschaft|societe|entreprise|nom de la societe|nom de l entreprise|nom de votre entreprise|raison sociale|organisme|empresa|nombre de la empresa|nombre de empresa|compania|razon social|organizacion|' +
    'azienda|nome azienda|societa|ragione sociale|nome da empresa|organizacao|bedrijf|bedrijfsnaam|organisatie|naam bedrijf|nazwa firmy|przedsiebiorstwo|organizacja|компания|название компании|организация|название организации|предприятие|фирма|sirket|sirket adi|sirketiniz|kurum|firma adi|' +
    'foretag|foretagsnamn|bedrift|firmanavn|virksomhed|yritys|yrityksen nimi|spolecnost|nazev firmy|ceg|cegnev|公司|公司名称|公司名|单位|单位名称|企业|企业名称|所在公司|贵公司|工作单位|公司名稱|單位|企業|企業名稱|会社|会社名|貴社名|御社名|法人名|企業名|組織名|회사|회사명|기업명|소속|업체명|الشركة|اسم الشركة|שם חברה|חברה',
  website:
    'website|web site|homepage|home page|company website|website url|webseite|internetseite|internetadresse|site web|site internet|sitio web|pagina web|sito|sito web|sito internet|strona|strona www|strona internetowa|сайт|веб сайт|адрес сайта|web sitesi|internet sitesi|hemsida|网站|网址|官网|公司网站|公司网址|網站|網址|ウェブサイト|ホームページ|サイト|웹사이트|홈페이지|الموقع الالكتروني',
  country:
    'country|country region|country code|countrycode|your country|land|pays|pais|paese|nazione|kraj|страна|ulke|maa|zeme|orszag|国家|国家地区|国家 地区|國家|国|国名|국가|나라|البلد|الدولة',
  locale: 'locale|language|lang|preferred language|sprache|langue|idioma|lingua|taal|jezyk|язык|dil|语言|語言|言語|언어',
  message:
    'message|your message|comment|comments|question|questions|enquiry|inquiry|your enquiry|notes|note|body|description|details|how can we help|how can we help you|what can we help with|anything else|remarks|request|' +
    'nachricht|ihre nachricht|mitteilung|anfrage|bemerkung|bemerkungen|kommentar|anliegen|ihr anliegen|votre message|commentaire|commentaires|demande|votre demande|mensaje|comentario|comentarios|consulta|su mensaje|messaggio|commento|richiesta|mensagem|comentario s|sua mensagem|' +
    'bericht|opmerking|opmerkingen|vraag|uw bericht|wiadomosc|tresc|tresc wiadomosci|uwagi|pytanie|сообщение|ваше сообщение|комментарий|вопрос|текст сообщения|mesaj|mesajiniz|yorum|aciklama|meddelande|melding|besked|viesti|zprava|uzenet|' +
    '留言|消息|内容|留言内容|咨询内容|需求|需求描述|备注|问题|您的需求|訊息|內容|備註|メッセージ|お問い合わせ内容|お問合せ内容|ご質問|内容 詳細|備考|메시지|문의|문의내용|문의 내용|내용|الرسالة|رسالة|הודעה',
};

const phrases: Partial<Record<LeadField, string>> = {
  email:
    'email address|e mail address|your email|your e mail|work email|business email|company email|e mail adresse|adresse e mail|adresse mail|correo electronico|indirizzo email|endereco de email|adres e mail|электронной почты|电子邮件|电子邮箱|邮箱|電子郵件|電子郵箱|メールアドレス|이메일',
  phone:
    'phone number|telephone number|mobile number|your phone|cell phone|numero de telephone|numero de telefono|numero di telefono|telefonnummer|handynummer|telefoonnummer|numer telefonu|номер телефона|手机号|手机号码|联系电话|电话号码|電話番号|手機號碼|전화번호|휴대폰',
  firstName: 'first name|given name|votre prenom|ihr vorname|ihren vornamen|voornaam|primer nombre|twoje imie',
  lastName: 'last name|family name|surname|nom de famille|ihr nachname|ihren nachnamen|achternaam|primer apellido',
  name: 'your name|full name|your full name|what s your name|what is your name|wie heissen sie|ihr name|votre nom|comment vous appelez vous|como te llamas|nombre completo|nome completo|nome e cognome|как вас зовут|ваше имя|您的姓名|联系人姓名|怎么称呼|お名前|성함',
  title: 'job title|your role|your position|berufsbezeichnung|intitule du poste|puesto de trabajo|职位|职务|役職|직책',
  company:
    'company name|your company|name of your company|your organization|your organisation|where do you work|which company|firmenname|ihr unternehmen|ihre firma|nom de l entreprise|votre entreprise|nom de la societe|nombre de la empresa|su empresa|tu empresa|nome azienda|nome da empresa|bedrijfsnaam|nazwa firmy|название компании|公司名称|公司名稱|单位名称|企业名称|会社名|貴社名|회사명',
  website: 'company website|your website|website url|公司网站|公司官网',
  country: 'which country|your country|what country',
  message:
    'how can we help|your message|your question|what can we do for you|tell us about|tell us more|comment pouvons nous|wie konnen wir|咨询内容|留言内容|需求描述|お問い合わせ内容|문의 내용',
};

/** Not the person's own: `product name`, `sales rep email`. */
const others =
  /\b(product|project|form|page|event|campaign|file|utm|plan|workspace|team|agent|owner|assignee|assigned|rep|author|template|item|store|app|user agent|friend|colleague|referrer|manager|sender|recipient|notification|site|list|source|variant|dog|cat|payment|card|billing)\b/;
const negations = /\b(confirm|confirmation|repeat|verify|retype|again|bestatigen|wiederholen|confirmez|confirmar|recovery)\b/;

/** Forms have the same labels day after day; what they mean is remembered, for so many of them. */
const MOST_REMEMBERED = 5_000;
const normalised = new Map<string, string>();
const meanings = new Map<string, Meaning | null>();

const exact = new Map<string, LeadField>();
for (const [field, list] of Object.entries(words)) {
  for (const word of list.split('|').map(normaliseLabel)) if (!exact.has(word)) exact.set(word, field as LeadField);
}
const contained = Object.entries(phrases)
  .flatMap(([field, list]) => list.split('|').map((phrase) => ({ phrase: normaliseLabel(phrase), field: field as LeadField })))
  .toSorted((a, b) => b.phrase.length - a.phrase.length);
const asianWords = [...exact].filter(([word]) => isAsian(word) && word.length > 1).toSorted(([a], [b]) => b.length - a.length);

/** A label as synonyms are written: accents, case, width and punctuation folded, `camelCase`, `q3_name` and `your-name*` taken apart. */
export function normaliseLabel(label: string): string {
  const known = normalised.get(label);
  if (known !== undefined) return known;
  if (normalised.size >= MOST_REMEMBERED) normalised.clear();
  const made = fold(label);
  normalised.set(label, made);
  return made;
}

function fold(label: string): string {
  return label
    .slice(0, 300)
    .normalize('NFKC')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .replace(/^q\d+[_-]/, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What a label names, and how surely: 1 the whole label, 2 the last part of a path, 3 a phrase inside. Null when it names nothing. */
export function meaningOf(label: string): Meaning | null {
  const known = meanings.get(label);
  if (known !== undefined) return known;
  if (meanings.size >= MOST_REMEMBERED) meanings.clear();
  const found = interpret(label);
  meanings.set(label, found);
  return found;
}

export interface Meaning {
  field: LeadField;
  rank: 1 | 2 | 3;
}

function interpret(label: string): Meaning | null {
  const whole = normaliseLabel(label);
  if (!whole || negations.test(whole)) return null;
  const direct = exact.get(withoutCounter(whole)) ?? exact.get(whole);
  if (direct) return { field: direct, rank: 1 };
  const path = label
    .split(/[.[\]/]+|__+/)
    .map(normaliseLabel)
    .filter((part) => part && !/^\d+$/.test(part));
  if (path.length > 1) {
    const last = path.at(-1)!;
    const pair = exact.get(`${path.at(-2)} ${last}`);
    if (pair) return { field: pair, rank: 1 };
    const alone = exact.get(last);
    if (alone && !others.test(path.at(-2)!)) {
      return { field: alone === 'name' && exact.get(path.at(-2)!) === 'company' ? 'company' : alone, rank: 2 };
    }
  }
  if (isAsian(whole)) {
    const found = asianWords.find(([word]) => whole.replaceAll(' ', '').includes(word));
    if (found && whole.length <= 24) return { field: found[1], rank: 3 };
  }
  if (others.test(whole)) return null;
  const phrase = contained.find(({ phrase: inner }) => (isAsian(inner) ? whole.includes(inner) : ` ${whole} `.includes(` ${inner} `)));
  return phrase ? { field: phrase.field, rank: 3 } : null;
}

/** `email 2`, `text 1` of form builders; and what they put before a field's name. */
function withoutCounter(label: string): string {
  return label
    .replace(/ ?\d{1,3}$/, '')
    .replace(/^(?:input|field|form field|fields|your|contact|lead|user|customer|person|billing|cf7|wpforms|nf|data) (?=\p{L})/u, '');
}

function isAsian(label: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(label);
}
