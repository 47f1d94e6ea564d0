/** Number of the thread that this instance of the module belongs to; 0 is the one that hands out jobs. */
let thread: u32 = 0;

export function setThread(number: u32): void {
  thread = number;
}

/** The piece of `room` that belongs to this thread alone. @param bytes of each piece */
@inline
export function threadRoom(room: u32, bytes: u32): u32 {
  return room + thread * bytes;
}
