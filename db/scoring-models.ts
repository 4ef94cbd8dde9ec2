import { noScoring, scoringModel, type ScoringModel } from '../domain/scoring/model.ts';
import { qualificationModel, type QualificationModel } from '../domain/scoring/standard.ts';
import type { Queryable } from './pool.ts';

/** By what a workspace scores at this moment. */
export interface ScoringGround {
  now: Date;
  /** Into how many slot ranges the workspace is cut. */
  ranges: number;
  model: ScoringModel;
  /** Null: nobody qualifies by score. */
  standard: QualificationModel | null;
}

interface Row {
  now: Date;
  ranges: number;
  scoringVersion: number | null;
  scoring: unknown;
  standardVersion: number | null;
  standard: unknown;
}

/** Reads the documents in force in one statement and keeps them parsed until there are newer ones. Throws on a faulty document. */
export function createScoringGround(): (tx: Queryable) => Promise<ScoringGround> {
  let model = noScoring;
  let standard: QualificationModel | null = null;
  return async (tx) => {
    const { rows } = await tx.query<Row>(
      `select clock() as now, w.ranges, s.version as "scoringVersion", q.version as "standardVersion",
              case when s.version is distinct from $1 then s.body end as scoring, case when q.version is distinct from $2 then q.body end as standard
         from workspace w
         left join lateral (select version, body from document where kind = 'scoring' and key = 'default' order by version desc limit 1) s on true
         left join lateral (select version, body from document where kind = 'standard' and key = 'default' order by version desc limit 1) q on true`,
      [model.version, standard?.version ?? 0],
    );
    const found = rows[0]!;
    if (found.scoringVersion === null) model = noScoring;
    else if (found.scoringVersion !== model.version) model = scoringModel(found.scoringVersion, found.scoring);
    if (found.standardVersion === null) standard = null;
    else if (found.standardVersion !== standard?.version) standard = qualificationModel(found.standardVersion, found.standard);
    return { now: found.now, ranges: found.ranges, model, standard };
  };
}
