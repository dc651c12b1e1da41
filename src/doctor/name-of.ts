import type { DoctorService } from './ports.ts';

/** The service's name where there are several, else null: a single one goes without saying. */
export function nameOf({ name }: DoctorService, services: readonly DoctorService[]): string | null {
  return services.length > 1 ? name : null;
}
