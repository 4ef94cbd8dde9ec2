import type { TaskKind, TaskSource } from './kinds.ts';

/** A task as its owner is told of it. */
export interface TaskCard {
  id: string;
  title: string;
  state: 'open' | 'done' | 'cancelled';
  outcome: string | null;
  outcomes: string[];
  dueAt: Date;
  /** How often it changed hands, and how often it was reminded of. */
  handovers: number;
  reminders: number;
  owner: { id: string; key: string; name: string; timezone: string; active: boolean };
  kind: TaskKind;
  source: TaskSource;
  details: string | null;
  /** Null: it is about the company alone, whose name it has then. */
  leadId: string | null;
  name: string;
  role: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  country: string | null;
  fit: string | null;
  engagement: number | null;
  campaign: string | null;
  test: boolean;
}
