/** A cell that needs a channel, and where ovens are shared a slot at its temperature. */
export interface ChannelJob {
  readonly id: string;
  readonly hours: number;
  /** Name of the oven group that it needs; absent where ovens do not limit anything. */
  readonly oven?: string;
}

export interface ChannelProblem {
  readonly channels: number;
  /** Slots by oven group; absent: no limit. */
  readonly ovens?: Readonly<Record<string, number>>;
  /** Cells that are on a channel already, with the hours that they still need. */
  readonly running: readonly ChannelJob[];
  readonly jobs: readonly ChannelJob[];
}
