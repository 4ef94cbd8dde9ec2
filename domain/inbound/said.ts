import EmailReplyParser from 'email-reply-parser';
import { storable } from '../storable.ts';

/** Beyond this nobody's own words are looked for: what follows is mostly what was quoted, and the search takes its time. */
const MOST = 6_000;
const MOST_LINES = 150;
const LONGEST_LINE = 400;

/** What a person wrote themselves: without what they quoted, and without the signature. Falls back on the whole text. */
export function saidIn(text: string): string {
  const bounded = text
    .slice(0, MOST)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .split('\n', MOST_LINES)
    .map((line) => storable(line, LONGEST_LINE).trimEnd())
    .join('\n');
  const [own = ''] = bounded.split(QUOTED);
  const said = new EmailReplyParser().read(own).getVisibleText().trim();
  return [said, own.trim()].find((words) => words !== '' && !FORWARDED.test(words)) ?? bounded.trim();
}

/** Nothing of their own stands above what was passed on. */
const FORWARDED = /^-{2,} ?[\p{L} ]{1,40} ?-{2,}$/u;

/** Headers of what was answered to, as mail programs put them above it; those of other languages than the parser knows. */
const QUOTED =
  /\n(?:-{2,} ?(?:original message|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|wiadomość oryginalna|原始邮件|原始郵件|邮件原件|forwarded message) ?-{2,}|_{20,}\n|(?:from|von|de|da|van|od|发件人|寄件者) ?[:：] ?.{1,200}\n(?:(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|inviato|verzonden|data|wysłano|发送时间|日期|寄件日期) ?[:：]))/i;

const LEAVING = new Set(
  `unsubscribe|unsubscribe me|please unsubscribe|please unsubscribe me|unsubscribe please|unsubscribe me please|stop|stop please|please stop|stop all|stop it|stop email|stop emails|stop emailing me|stop mailing me|please stop emailing me|remove|remove me|please remove me|remove me please|take me off|take me off your list|please take me off your list|remove me from your list|please remove me from your list|opt out|optout|cancel|cancel subscription|end|quit|no more emails|no more mails
abmelden|bitte abmelden|abmeldung|abbestellen|bitte abbestellen|newsletter abbestellen|newsletter abmelden|austragen|bitte austragen|stopp|keine mails mehr|keine weiteren mails|bitte keine mails mehr|bitte keine weiteren mails|bitte löschen
désabonner|désabonnement|me désabonner|désabonnez moi|désinscrire|désinscription|me désinscrire|désinscrivez moi|se désabonner|se désinscrire|arrêt|arrêtez
baja|darme de baja|dar de baja|dadme de baja|cancelar suscripción|cancelar la suscripción|desuscribir|desuscribirme|eliminar suscripción
cancellami|disiscrivimi|disiscrizione|annulla iscrizione|cancella iscrizione|disiscrivetemi|cancellatemi
afmelden|graag afmelden|uitschrijven|graag uitschrijven|schrijf me uit|opzeggen
wypisz|wypisz mnie|proszę mnie wypisać|proszę o wypisanie|rezygnuję|anuluj subskrypcję|wypisać
cancelar inscrição|cancelar subscrição|descadastrar|descadastre me|remover|remova me|cancelar a inscrição
退订|取消订阅|退訂|取消訂閱|请退订|配信停止|登録解除|수신거부`
    .split(/[|\n]/)
    .map((phrase) => phrase.normalize('NFC')),
);

/** Whether these words, and nothing else, ask to be left alone; `subject` speaks where the mail says nothing. */
export function asksToLeave(said: string, subject: string): boolean {
  const words = plain(said);
  return words === '' ? LEAVING.has(plain(subject)) : LEAVING.has(words);
}

function plain(text: string): string {
  return text
    .slice(0, 200)
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
