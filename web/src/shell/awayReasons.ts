//! Why somebody is away, in the words that colleagues see.
export const AWAY_REASONS = ['Lunch', 'Short break', 'Meeting', 'Training', 'Desk work', 'Done for today']
