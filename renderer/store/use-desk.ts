/** The store in components. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Desk } from './desk.ts';
import type { DeskState } from './state.ts';

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('a component was drawn outside of its desk');
  return desk;
}

/** A part of the state; the component is drawn anew when it changes. */
export function useDeskState<T>(select: (state: DeskState) => T): T {
  return useStore(useDesk().store, select);
}
