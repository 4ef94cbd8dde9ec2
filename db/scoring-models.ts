import { noScoring, scoringModel, type ScoringModel } from '../domain/scoring/model.ts';
import { qualificationModel, type QualificationModel } from '../domain/scoring/standard.ts';
import type { Queryable } from './pool.ts';

/** By what a workspace scores at this moment. */
export interface ScoringGround {
  now: Date;
  model: ScoringModel;
  /** Null: nobody qualifies by score. */
  standard: QualificationModel | null;
}

interface Row {
  now: Date;
  scoringVersion: number | null;
  scoring: unknown;
  standardVersion: number | null;
  standard: unknown;
}

/** Reads the documents in force in one statement and keeps them parsed until there are newer ones. Throws on a faulty document. */
export function createScoringGround(): (tx: Queryable) => Promise<ScoringGround> {
  let latest: Pick<ScoringGround, 'model' | 'standard'> = { model: noScoring, standard: null };
  return async (tx) => {
    const known = latest;
    const { rows } = await tx.query<Row>(
      `select clock() as now, s.version as "scoringVersion", q.version as "standardVersion",
              case when s.version is distinct from $1 then s.body end as scoring, case when q.version is distinct from $2 then q.body end as standard
         from workspace
         left join lateral (select version, body from document where kind = 'scoring' and key = 'default' order by version desc limit 1) s on true
         left join lateral (select version, body from document where kind = 'standard' and key = 'default' order by version desc limit 1) q on true`,
      [known.model.version, known.standard?.version ?? null],
    );
    const { now, scoringVersion, scoring, standardVersion, standard } = rows[0]!;
    latest = {
      model:
        scoringVersion === null ? noScoring : scoringVersion === known.model.version ? known.model : scoringModel(scoringVersion, scoring),
      standard:
        standardVersion === null
          ? null
          : standardVersion === known.standard?.version
            ? known.standard
            : qualificationModel(standardVersion, standard),
    };
    return { now, ...latest };
  };
}
