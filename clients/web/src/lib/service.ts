// SPDX-License-Identifier: Apache-2.0
// How near the next service is, by kilometres when the reading and the target are known, else by date.
import type { Vehicle } from '../api/types';

const INTERVAL_KM = 15_000;
const INTERVAL_MS = 365 * 86_400_000;

export interface ServiceLeft {
  /** 0 just serviced, 1 due */
  share: number;
  /** kilometres still to go, estimated for today; negative = over; null = only the date is known */
  km: number | null;
  isOver: boolean;
}

export function serviceLeft(vehicle: Vehicle, now: number): ServiceLeft | null {
  const { mileage_km: read, next_service_km: target, next_service_on: on, km_per_day: perDay, mileage_on: readOn } = vehicle;
  const dateLeft = on ? Date.parse(on) - now : null;
  if (read && target) {
    const days = readOn ? Math.max(0, (now - Date.parse(readOn)) / 86_400_000) : 0;
    const left = Math.round((target - read - days * (perDay ?? 0)) / 100) * 100;
    const isOver = left < 0 || (dateLeft !== null && dateLeft < 0);
    return { share: isOver ? 1 : Math.min(1, Math.max(0, 1 - left / INTERVAL_KM)), km: left, isOver };
  }
  if (dateLeft === null || Number.isNaN(dateLeft)) return null;
  return { share: dateLeft < 0 ? 1 : Math.min(1, Math.max(0, 1 - dateLeft / INTERVAL_MS)), km: null, isOver: dateLeft < 0 };
}
