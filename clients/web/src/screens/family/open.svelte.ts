// SPDX-License-Identifier: Apache-2.0
// The car whose page is open over the record; one at a time.
export const opened = $state<{ vehicle: string | null }>({ vehicle: null });

export function openVehicle(id: string): void {
  opened.vehicle = id;
}
