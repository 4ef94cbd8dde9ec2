import { deliveryOf } from '../../domain/loops.ts';
import { readersOf } from '../../db/recipients.ts';
import { type NewSend, queueSends } from '../../db/sends.ts';
import type { Carried, EffectFamily } from './family.ts';
import { whoIsMeant } from './of-run.ts';

type Notice = Carried<'notify'>;

/** Queues the batch's notices: one mail to everybody who is meant. They belong to no enrolment's way, so nothing of the campaign holds them. */
export const notify: EffectFamily<'notify'> = async (tx, given) => {
  const meant = await whoIsMeant(
    tx,
    given.map(({ effect, enrolment }) => ({ to: effect.to, enrolment })),
  );
  const carried = given.map((one, i) => ({ ...one, effect: { ...one.effect, to: meant[i]! } }));
  const asked = carried.flatMap((one) => ('who' in one.effect.to ? [{ ...one, leadId: one.enrolment.leadId, to: one.effect.to }] : []));
  const readers = await readersOf(tx, asked);
  const lanes = await queueSends(tx, [
    ...readers.map(({ n, repId }) => ({ ...mailOf(asked[n]!, repId), repId })),
    ...carried.flatMap((one) => ('address' in one.effect.to ? [mailOf(one, one.effect.to.address, one.effect.to.address)] : [])),
  ]);
  return deliveryOf(lanes);
};

function mailOf({ effect, enrolment, plan }: Notice, to: string, address?: string): NewSend {
  const { noticeKey, template, subject, text } = effect;
  const { key, name } = plan.campaign;
  return {
    sendKey: `${noticeKey}/notice/${to}`,
    class: 'internal',
    priority: 70,
    leadId: enrolment.leadId,
    template,
    params: { subject, text, campaign: { key, name }, entry: enrolment.entry, ...(address && { toAddress: address }) },
    test: enrolment.test,
  };
}
