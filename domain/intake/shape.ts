import { storable } from '../storable.ts';
import type { Answer } from './types.ts';

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text that says something; numbers are written out. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' ? storable(value).trim() || null : null;
}

/** An instant from an ISO text (without a zone: UTC), or from milliseconds or seconds since 1970 as number or text. Null for anything else. */
export function instant(value: unknown): Date | null {
  const written = text(value);
  if (!written || written.length > 40) return null;
  if (/^\d{9,14}$/.test(written)) return new Date(Number(written) * (written.length <= 10 ? 1_000 : 1));
  const iso = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(written) ? `${written.replace(' ', 'T')}Z` : written;
  const at = /^\d{4}-\d{2}-\d{2}/.test(iso) ? new Date(iso) : null;
  return at && !Number.isNaN(at.getTime()) ? at : null;
}

/** An answer, or nothing where nothing was answered. */
export function answer(key: string, label: string | null, type: string | null, value: unknown): Answer[] {
  const said = scalar(value);
  return said === null ? [] : [{ key: storable(key), label: storable(label ?? key), type: type?.toLowerCase() ?? null, value: said }];
}

function scalar(value: unknown): Answer['value'] | null {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return text(value);
  if (!Array.isArray(value)) return null;
  const several = value.map(text).filter((one) => one !== null);
  if (several.length === 0) return null;
  return several.length === 1 ? several[0]! : several;
}
