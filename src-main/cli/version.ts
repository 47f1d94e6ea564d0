export { version } from '#compute/summary';
