import type { z } from '@hono/zod-openapi';
import { readAnswers } from '../../db/figures/answers.ts';
import { readBroken } from '../../db/figures/breaches.ts';
import { readAccountsOwned, readWon } from '../../db/figures/concentration.ts';
import { readFunnels } from '../../db/figures/conversion.ts';
import { readDealt } from '../../db/figures/fairness.ts';
import { readExpected, readPipeline } from '../../db/figures/pipeline.ts';
import { readLosses, readRejections } from '../../db/figures/reasons.ts';
import type { Scope } from '../../db/figures/scope.ts';
import { loadPipeline } from '../../db/pipeline.ts';
import type { Queryable } from '../../db/pool.ts';
import { listReps } from '../../db/reps.ts';
import { loadSla } from '../../db/sla.ts';
import { openMeter, type OpenMeter } from '../../domain/calendar/open-meter.ts';
import { stagesOf } from '../../domain/figures/stages.ts';
import { timesOf } from '../../domain/figures/times.ts';
import type { WorkTime } from '../../domain/sla/ladder.ts';
import { concentration, conversion, fairness, forecasts, type Names, namedTimes, pipelineStages } from './parts.ts';
import { labelled, reasonLabels } from './reasons.ts';
import type { salesFigures } from './schema.ts';

export type SalesFigures = z.infer<typeof salesFigures>;

/** Every figure of the sales side for a period. Each part is one statement, whatever the number of opportunities. */
export async function readSalesFigures(tx: Queryable, scope: Scope, { now, zone }: { now: Date; zone: string }): Promise<SalesFigures> {
  const reps = await listReps(tx);
  const names: Names = new Map(reps.map(({ id, key, name }) => [id, { key, name }]));
  const sla = await loadSla(tx);
  const meterOf = meters(scope.from, now, new Map(reps.map((rep) => [rep.id, sla.work(rep)])), sla.office);
  const pipeline = await loadPipeline(tx);
  const keys = pipeline.stages.map((one) => one.key);
  const stages = stagesOf(pipeline);
  const labels = await reasonLabels(tx);

  const { accepts, touches } = await readAnswers(tx, scope);
  const broken = await readBroken(tx, scope);
  const standing = await readPipeline(tx, scope, keys);
  return {
    from: scope.from.toISOString(),
    to: scope.to.toISOString(),
    zone,
    accept: namedTimes(timesOf(accepts, meterOf, now.getTime()), names),
    firstTouch: namedTimes(timesOf(touches, meterOf, now.getTime()), names),
    breaches: {
      total: broken.reduce((sum, one) => sum + one.offered + one.accepted + one.touched + one.review, 0),
      byRep: broken,
    },
    fairness: fairness(await readDealt(tx, scope)),
    concentration: concentration(await readWon(tx, scope), await readAccountsOwned(tx)),
    conversion: conversion(await readFunnels(tx, scope)),
    rejections: labelled(await readRejections(tx, scope), labels.rejections),
    losses: labelled(await readLosses(tx, scope), labels.losses),
    pipeline: pipelineStages(standing, stages),
    forecast: forecasts(await readExpected(tx, scope, keys, stages), standing),
  };
}

/** Measures of each rep's hours, laid out once for all who work the same. */
function meters(from: Date, to: Date, workOf: ReadonlyMap<string, WorkTime>, office: WorkTime): (rep: string | null) => OpenMeter {
  const made = new Map<string, OpenMeter>();
  const meter = (work: WorkTime): OpenMeter => {
    const name = JSON.stringify([work.hours, work.zone, work.holidays]);
    const found = made.get(name) ?? openMeter({ from, to }, work.hours, work.zone, work.holidays);
    made.set(name, found);
    return found;
  };
  const ofRep = new Map([...workOf].map(([rep, work]) => [rep, meter(work)]));
  const ofOffice = meter(office);
  return (rep) => (rep === null ? ofOffice : (ofRep.get(rep) ?? ofOffice));
}
