import type { RunSummaryFile } from '#compute/run-record';

/** What tuning tried and what a consensus rests on, as tables for a terminal; nothing where neither was done. */
export function choiceLines({ tuning, consensus }: RunSummaryFile): string[] {
  return [...tuningLines(tuning), ...consensusLines(consensus)];
}

function tuningLines(tuning: RunSummaryFile['tuning']): string[] {
  if (tuning === undefined) return [];
  const rows = tuning.trials.map(({ changes, neighbours, reverse, score }, place) => {
    const named = Object.entries(changes).map(([name, value]) => `${name}=${String(value)}`);
    return `${[neighbours, reverse, score].map(number).join('  ')}  ${named.join(' ') || 'as begun with'}${place === tuning.chosen ? ' (taken)' : ''}`;
  });
  return [
    '',
    'neighbours  reverse  score  settings that were tried',
    ...rows,
    `others are taken where their score is higher by more than ${number(tuning.margin)}, one standard error`,
  ];
}

function consensusLines(consensus: RunSummaryFile['consensus']): string[] {
  if (consensus === undefined) return [];
  const { members, unanimous, neighbours } = consensus;
  const rows = members.map(
    (member) =>
      `${[member.weight, member.agreement, member.neighbours, member.reverse ?? NaN].map(number).join('  ')}  ${member.title}`,
  );
  return [
    '',
    'weight  agrees  neighbours  reverse  member',
    ...rows,
    `all agree on ${number(unanimous)} of the cells; neighbours agree ${number(neighbours.agreement)} beyond chance and give ${number(neighbours.strength)} of a cell's probabilities`,
  ];
}

function number(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3);
}
