import { z } from 'zod';
import { modes, type Mode, type Tier, tiers } from './codes.ts';

const hours = z.number().positive().max(2_400);
const minutes = z.number().min(0).max(100_000);
const perMode = <S extends z.ZodType>(each: S) =>
  z.strictObject(Object.fromEntries(modes.map((mode) => [mode, each])) as Record<Mode, S>);

/** Quantiles that the rhythm of a lane is known by. */
export const rhythmQuantiles = ['p90', 'p95', 'p98', 'p99', 'p995'] as const;
export type RhythmQuantile = (typeof rhythmQuantiles)[number];

/** From when on something is worth an exception: `rules/detection.yaml`. One part a detector. */
export const detectionRules = z.strictObject({
  version: z.int().min(1),
  missingScan: z.strictObject({
    quantile: z
      .strictObject(
        Object.fromEntries(tiers.map((tier) => [tier, z.enum(rhythmQuantiles)])) as Record<
          Tier,
          z.ZodEnum<{ [Q in RhythmQuantile]: Q }>
        >,
      )
      .meta({
        description: 'Which part of all scans of its kind came sooner than one that is missed, by tier.',
      }),
    minScans: z.int().min(1).meta({
      description: 'Scans of which a rhythm must be made; with fewer, a wider one is taken.',
    }),
    atLeastMin: minutes.meta({ description: 'No scan is missed sooner than this after it was expected.' }),
    unlearnedHours: perMode(hours).meta({ description: 'Where no rhythm is known yet.' }),
  }),
  afterOut: z.strictObject({
    hours: perMode(hours).meta({ description: 'Silence after "out for delivery" that means something.' }),
  }),
  lateMilestone: z.strictObject({
    min: perMode(minutes).meta({ description: 'A milestone is late from so many minutes after its plan.' }),
    marginMin: minutes.meta({
      description: 'Minutes by which the expected delivery must pass the promise.',
    }),
  }),
  promise: z.strictObject({
    hearingMin: minutes.meta({ description: 'Deliveries are heard of so much after they were made.' }),
    hearingInTimeMin: minutes.meta({
      description:
        'The same, at most, where all but the delivery was heard of, and it was in time: then it is rather the scan that is late.',
    }),
    quantile: z.enum(rhythmQuantiles).meta({
      description:
        "What part of a carrier's deliveries was heard of so soon that one in time is waited for no longer.",
    }),
    minDeliveries: z.int().min(1).meta({
      description:
        'Deliveries of the carrier, else of the mode, in four weeks from which that is learned; below, hearingInTimeMin holds.',
    }),
  }),
  estimate: z.strictObject({
    marginMin: minutes.meta({ description: "Minutes by which a carrier's own estimate passes the promise." }),
  }),
  connection: z.strictObject({
    modes: z
      .array(z.enum(modes))
      .meta({ description: 'Modes that leave by a schedule, whoever is missing.' }),
    handlingMin: minutes.meta({ description: 'From arrival to departure, where no cut-off is known.' }),
    nextHours: perMode(hours).meta({
      description: 'From a departure that was missed to the next one, as a rule.',
    }),
    departedLateMin: minutes.meta({ description: 'Who leaves so late has gone with a later departure.' }),
  }),
  appointment: z.strictObject({ marginMin: minutes }),
  dwell: z.strictObject({ hours: perMode(hours) }),
  routeDeviation: z.strictObject({ enabled: z.boolean() }),
  temperature: z.strictObject({
    toleranceC: z.number().min(0).max(20),
    forMin: minutes.meta({ description: 'Out of range for so long, by two readings or more.' }),
    farC: z.number().positive().meta({ description: 'So far out one reading is enough.' }),
    apartMin: minutes.meta({
      description: 'Readings further apart than this are no proof of the time between.',
    }),
  }),
  customsAgeing: z.strictObject({
    hours: perMode(hours),
    againHours: hours.meta({ description: 'Said anew as often as this while it lasts.' }),
  }),
  room: z.strictObject({
    handlingMin: perMode(minutes.nullable()).meta({
      description:
        'What a stop between two legs takes, by the mode that came in; what a plan allows above it makes a delay good. Null: all of it is work.',
    }),
    deliveryMin: perMode(minutes.nullable()).meta({
      description: 'The same from the last arrival to the door.',
    }),
  }),
  weather: z.strictObject({
    wayShare: z.number().min(0).max(1).meta({
      description:
        'How far from where it should be on its leg, as a part of the leg, weather is still met, where the plan says at which part of the leg each zone lies. 1: anywhere on it.',
    }),
    costHours: z.strictObject({
      extreme: z.number().min(0),
      severe: z.number().min(0),
      moderate: z.number().min(0),
      minor: z.number().min(0),
      unknown: z.number().min(0),
    }),
    certainties: z.array(z.enum(['observed', 'likely', 'possible', 'unlikely', 'unknown'])),
  }),
  port: z.strictObject({
    worstDwell: z
      .number()
      .min(1)
      .meta({ description: 'Dwell against what is usual from which a port counts.' }),
    easedDwell: z.number().min(1).meta({
      description: 'Dwell against what is usual below which a port that counted does no more.',
    }),
    aheadHours: hours.meta({ description: 'How long before its arrival a shipment is told of a port.' }),
  }),
  road: z.strictObject({ closedHours: hours, slowHours: hours }),
  advisory: z.strictObject({ costHours: hours }),
  duplicateDelivery: z.strictObject({
    apartMin: minutes.meta({ description: 'Two deliveries nearer than this are one that was said twice.' }),
  }),
  feed: z.strictObject({
    factor: z
      .number()
      .min(1)
      .meta({ description: 'Times the longest pause of the last week at this time of day.' }),
    spread: z.number().min(0).meta({
      description:
        'Times the spread (standard deviation) of its pauses, above their mean: a longer pause is no chance.',
    }),
    leastPauses: z.int().min(2).meta({ description: 'With fewer pauses nothing is known of how it sends.' }),
    atLeastMin: minutes,
    learnHours: hours.meta({ description: 'A feed is known only after so long.' }),
    catchUpMin: minutes.meta({ description: 'What a feed has to tell when it is back takes so long.' }),
  }),
});
export type DetectionRules = z.infer<typeof detectionRules>;
