/**
 * Evaluations that a request may spend on its searches, one unit each. A clock may end it too; then the count at which
 * it did is kept, and a budget of that count ends at the same place: unlike a clock, it gives the same answer again.
 */
export interface WorkBudget {
  readonly units: number;
  /** Infinity without a limit; whether it is above 0 is the same for a clock and for the count that it was cut at. */
  readonly left: number;
  /** The count at which work was cut short; null while there is some left. */
  readonly cutAt: number | null;
  spend(units: number): void;
}

/** @param isOver - Whether the time is over; asked after every unit until it is. */
export function createWorkBudget(
  options: { readonly limit?: number; readonly isOver?: () => boolean } = {},
): WorkBudget {
  let { limit = Infinity } = options;
  let units = 0;
  return {
    get units() {
      return units;
    },
    get left() {
      return Math.max(limit - units, 0);
    },
    get cutAt() {
      return units >= limit ? limit : null;
    },
    spend(more) {
      units += more;
      if (units < limit && options.isOver?.() === true) limit = units;
    },
  };
}

/** At most so many units of a budget, spent on its account. */
export function shareOf(budget: WorkBudget, limit: number): WorkBudget {
  const from = budget.units;
  const left = (): number => Math.max(Math.min(budget.left, from + limit - budget.units), 0);
  return {
    get units() {
      return budget.units;
    },
    get left() {
      return left();
    },
    get cutAt() {
      return left() > 0 ? null : budget.units;
    },
    spend: (units) => budget.spend(units),
  };
}
