import type { CSSProperties } from 'react';
import type { Address } from '../../shared/model/address.ts';
import { hueOf, initialsOf } from './people.ts';

/** Decoration beside a name. */
export function Avatar({ person }: { readonly person: Address }) {
  return (
    <span className="avatar" aria-hidden="true" style={{ '--hue': hueOf(person) } as CSSProperties}>
      {initialsOf(person)}
    </span>
  );
}
