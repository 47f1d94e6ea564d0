/** Addresses of the browser front, on the host the page came from. A channel's name follows the prefix. */
export const requestPrefix = '/request/';
/** Socket that tells run events, one JSON text each; it takes no messages. */
export const eventsPath = '/events';
/** Where the bytes of a dropped file go, under the ticket that `files:announce` gave. */
export const filePrefix = '/file/';
