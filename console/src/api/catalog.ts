import { api, taken } from './client';
import type { Image, InstanceType } from './types';

// What may be launched changes rarely: asked for once a visit, and again where an answer failed.
const kept = new Map<string, Promise<unknown>>();

function once<T>(key: string, load: () => Promise<T>): Promise<T> {
  const known = kept.get(key) as Promise<T> | undefined;
  if (known) return known;
  const asked = load();
  kept.set(key, asked);
  asked.catch(() => kept.delete(key));
  return asked;
}

export function images(): Promise<Image[]> {
  return once('images', async () =>
    (await taken(api.GET('/v1/images', { params: { query: { limit: 1000 } } }))).items);
}

export function instanceTypes(): Promise<InstanceType[]> {
  return once('types', async () => (await taken(api.GET('/v1/instance-types'))).items);
}

/** What an hour of one instance of the type costs, such as `0.004000`; undefined where it has no price. */
export function pricePerHour(image: string, type: string): Promise<Price | undefined> {
  return once(`price ${type}`, async () => {
    const forecast = await taken(
      api.POST('/v1/instances', { params: { query: { dryRun: true } }, body: { image, type, count: 1 } }),
    );
    return 'prices' in forecast ? forecast.prices[0] : undefined;
  });
}

export interface Price {
  currency: string;
  perHour: string;
  minimumSeconds: number;
}

/** For another account's eyes: nothing of the last one's is kept. */
export function forgetCatalog(): void {
  kept.clear();
}
