import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Address } from '../../../shared/model/address.ts';
import type { AccountId } from '../../../shared/model/ids.ts';
import { relevo } from '../../bridge/relevo.ts';
import { isComplete, lastRecipient, readRecipients, writeRecipients } from './recipients.ts';

export interface AddressSuggestions {
  /** Empty: there is no list. */
  readonly found: readonly Address[];
  readonly chosen: number;
  readonly look: (text: string) => void;
  readonly choose: (address: Address) => void;
  readonly close: () => void;
  /** Whether the key was the list's. */
  readonly press: (event: KeyboardEvent) => boolean;
}

/** Who may be meant by what is typed last. */
export function useAddressSuggestions(
  accountId: AccountId,
  value: string,
  onChange: (value: string) => void,
): AddressSuggestions {
  const [found, setFound] = useState<readonly Address[]>([]);
  const [chosen, setChosen] = useState(0);
  const asked = useRef('');

  // The address book is made when it is asked first: before the first letter is typed.
  useEffect(() => {
    void relevo.addresses.suggest({ accountId, text: '' });
  }, [accountId]);

  const close = () => {
    asked.current = '';
    setFound([]);
  };

  const look = (text: string) => {
    const typed = lastRecipient(text).typed.trim().slice(0, 200);
    asked.current = typed;
    if (typed === '' || isComplete({ name: '', address: typed })) return close();
    const there = new Set(readRecipients(text).map(({ address }) => address.toLowerCase()));
    void relevo.addresses.suggest({ accountId, text: typed }).then((answer) => {
      // A list that comes late is of what is typed no more.
      if (!answer.ok || asked.current !== typed) return;
      setFound(answer.value.filter(({ address }) => !there.has(address.toLowerCase())));
      setChosen(0);
    });
  };

  const choose = (address: Address) => {
    close();
    onChange(`${lastRecipient(value).before}${writeRecipients([address])}, `);
  };

  const press = (event: KeyboardEvent): boolean => {
    if (found.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : found.length - 1;
      setChosen((chosen + step) % found.length);
      event.preventDefault();
      return true;
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
      return true;
    }
    const address = found[chosen];
    if ((event.key !== 'Enter' && event.key !== 'Tab') || address === undefined) return false;
    choose(address);
    // Tab goes on to the next field.
    if (event.key === 'Enter') event.preventDefault();
    return true;
  };

  return { found, chosen, look, choose, close, press };
}
