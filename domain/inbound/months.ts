/** Months and weekdays as people write them in absence notes, without marks: English, German, French, Spanish, Italian, Dutch, Polish, Portuguese. */
const MONTH_NAMES: readonly (readonly string[])[] = [
  ['january', 'januar', 'janner', 'janvier', 'enero', 'gennaio', 'januari', 'stycznia', 'styczen', 'janeiro', 'jan', 'janv'],
  ['february', 'februar', 'fevrier', 'febrero', 'febbraio', 'februari', 'lutego', 'luty', 'fevereiro', 'feb', 'fevr'],
  ['march', 'marz', 'maerz', 'mars', 'marzo', 'maart', 'marca', 'marzec', 'marco', 'mar', 'mrz'],
  ['april', 'avril', 'abril', 'aprile', 'kwietnia', 'kwiecien', 'apr', 'avr'],
  ['may', 'mai', 'mayo', 'maggio', 'mei', 'maja', 'maj', 'maio'],
  ['june', 'juni', 'juin', 'junio', 'giugno', 'czerwca', 'czerwiec', 'junho', 'jun'],
  ['july', 'juli', 'juillet', 'julio', 'luglio', 'lipca', 'lipiec', 'julho', 'jul', 'juil'],
  ['august', 'aout', 'agosto', 'augustus', 'sierpnia', 'sierpien', 'aug'],
  ['september', 'septembre', 'septiembre', 'setiembre', 'settembre', 'wrzesnia', 'wrzesien', 'setembro', 'sept', 'sep'],
  ['october', 'oktober', 'octobre', 'octubre', 'ottobre', 'pazdziernika', 'pazdziernik', 'outubro', 'oct', 'okt'],
  ['november', 'novembre', 'noviembre', 'listopada', 'listopad', 'novembro', 'nov'],
  ['december', 'dezember', 'decembre', 'diciembre', 'dicembre', 'grudnia', 'grudzien', 'dezembro', 'dec', 'dez'],
];
const WEEKDAY_NAMES: readonly (readonly string[])[] = [
  ['sunday', 'sonntag', 'dimanche', 'domingo', 'domenica', 'zondag', 'niedziela', 'niedziele'],
  ['monday', 'montag', 'lundi', 'lunes', 'lunedi', 'maandag', 'poniedzialek', 'poniedzialku', 'segunda'],
  ['tuesday', 'dienstag', 'mardi', 'martes', 'martedi', 'dinsdag', 'wtorek', 'wtorku', 'terca'],
  ['wednesday', 'mittwoch', 'mercredi', 'miercoles', 'mercoledi', 'woensdag', 'sroda', 'srode', 'quarta'],
  ['thursday', 'donnerstag', 'jeudi', 'jueves', 'giovedi', 'donderdag', 'czwartek', 'czwartku', 'quinta'],
  ['friday', 'freitag', 'vendredi', 'viernes', 'venerdi', 'vrijdag', 'piatek', 'piatku', 'sexta'],
  ['saturday', 'samstag', 'samedi', 'sabado', 'sabato', 'zaterdag', 'sobota', 'sobote'],
];

const numbered = (names: readonly (readonly string[])[], first: number): Map<string, number> =>
  new Map(names.flatMap((same, i) => same.map((name) => [name, i + first])));
const months = numbered(MONTH_NAMES, 1);
const weekdays = numbered(WEEKDAY_NAMES, 0);
/** Longer names first, for a regular expression. */
const alternatives = (of: Map<string, number>): string => [...of.keys()].toSorted((a, b) => b.length - a.length).join('|');

export const MONTHS = alternatives(months);
export const WEEKDAYS = alternatives(weekdays);
/** 1-12. */
export const monthOf = (name: string): number => months.get(name)!;
/** 0 is Sunday. */
export const weekdayOf = (name: string): number => weekdays.get(name)!;
