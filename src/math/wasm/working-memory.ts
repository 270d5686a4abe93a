import { CellwrightError } from "../../errors.js";
import { type Address, type Kernels, wasmKernels } from "./kernels.js";

/*
 * The memory of the kernels: residents below, working memory above them.
 *
 * It grows to what the largest computation needed (up to five times 4n² bytes for n training settings: 125 MB at
 * 2,500) and is used again and again. Engines cannot shrink it; it goes when the thread does.
 */

/** Memory of one computation. */
export interface WorkingMemory {
  /** Room for `count` numbers, not cleared. */
  allocate(count: number): Address;
}

/** Numbers that many computations read. They live in an array and are copied to the kernels' memory when needed. */
export interface Resident {
  readonly numbers: Float64Array;
  /** Where they are after `placeResidents`. */
  address: Address;
  /** Filling of the memory in which they were copied. */
  filling: number;
}

const PAGE_BYTES = 65536;
/** Grown by whole megabytes. */
const GROWTH_PAGES = 16;
/** Addresses are multiples of a cache line. */
const ALIGNMENT = 64;
/** Bytes below are the compiler's static data. */
const FIRST_ADDRESS = 4096;
/** Bytes for residents, or four times what the largest question needs (assumption: enough for models used in turn). */
const RESIDENT_BYTES = 8 * 1024 * 1024;

let top = FIRST_ADDRESS;
let residentBytes = RESIDENT_BYTES;
let filling = 0;
let depth = 0;
let numbers: Float64Array = new Float64Array(0);
let owner: Kernels | undefined;

/** Kernels that were exchanged bring an empty memory of their own. */
function followKernels(): void {
  const kernels = wasmKernels();
  if (kernels === owner) return;
  owner = kernels;
  numbers = new Float64Array(0);
  top = FIRST_ADDRESS;
  filling++;
}

/**
 * Runs a computation with working memory, which is free again when the computation returns or throws.
 *
 * Computations nest; none may outlive the call, so `compute` must not be asynchronous.
 */
export function withWorkingMemory<Result>(compute: (memory: WorkingMemory) => Result): Result {
  if (depth === 0) followKernels();
  const start = top;
  const level = ++depth;
  try {
    return compute({
      allocate(count) {
        if (level !== depth) {
          throw new CellwrightError("INTERNAL", "Working memory was used outside its computation.");
        }
        return take(count);
      },
    });
  } finally {
    depth = level - 1;
    top = start;
  }
}

/** Numbers to be kept in the kernels' memory while there is room. */
export function createResident(values: Float64Array): Resident {
  return { numbers: values, address: 0, filling: -1 };
}

/**
 * Copies residents to the kernels' memory unless they are there; their addresses hold until the next call.
 *
 * When the room for residents is full it is emptied as a whole: results never depend on what was there.
 */
export function placeResidents(residents: readonly Resident[]): void {
  if (depth === 0) followKernels();
  if (residents.every((resident) => resident.filling === filling)) return;
  if (depth > 0) throw new CellwrightError("INTERNAL", "Residents must be placed before working memory.");
  const needed = residents.reduce((sum, resident) => sum + resident.numbers.length * 8 + ALIGNMENT, 0);
  residentBytes = Math.max(residentBytes, 4 * needed);
  if (top + needed > FIRST_ADDRESS + residentBytes) {
    filling++;
    top = FIRST_ADDRESS;
  }
  for (const resident of residents) {
    if (resident.filling === filling) continue;
    resident.address = take(resident.numbers.length);
    resident.filling = filling;
    memoryNumbers().set(resident.numbers, resident.address / 8);
  }
}

/** All of the memory as numbers: that at `address` has index address / 8. The view is lost when memory grows. */
export function memoryNumbers(): Float64Array {
  // A view that was lost has no length; asking the memory for its buffer takes as long as a small product.
  if (numbers.length === 0) numbers = new Float64Array(wasmKernels().memory.buffer);
  return numbers;
}

/** The `count` numbers at `address`, until memory grows. */
export function numbersAt(address: Address, count: number): Float64Array {
  return memoryNumbers().subarray(address / 8, address / 8 + count);
}

/** Writes a vector, with zeros up to `length`. */
export function writeVector(values: Float64Array, length: number, address: Address): void {
  const all = memoryNumbers();
  all.set(values, address / 8);
  all.fill(0, address / 8 + values.length, address / 8 + length);
}

/** Bytes that the kernels' memory has grown to. */
export function memoryBytes(): number {
  return wasmKernels().memory.buffer.byteLength;
}

function take(count: number): Address {
  const address = top;
  const end = address + count * 8;
  reserve(end);
  top = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  return address;
}

function reserve(bytes: number): void {
  if (bytes <= numbers.byteLength) return;
  const { memory } = wasmKernels();
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return;
  const pages = Math.ceil(missing / PAGE_BYTES / GROWTH_PAGES) * GROWTH_PAGES;
  try {
    memory.grow(pages);
  } catch (cause) {
    throw new CellwrightError("INTERNAL", `The numeric kernels could not get ${bytes} bytes of memory.`, {
      cause,
    });
  }
}
