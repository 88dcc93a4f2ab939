//! Twelve keys, with the letters that people look for.
import classes from './Keypad.module.css'

const KEYS: readonly (readonly [string, string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
]

export function Keypad({ onDigit }: { onDigit: (digit: string) => void }) {
  return (
    <div className={classes.pad}>
      {KEYS.map(([digit, letters]) => (
        <button key={digit} type="button" className={classes.key} onClick={() => onDigit(digit)}>
          <span>{digit}</span>
          <small aria-hidden>{letters}</small>
        </button>
      ))}
    </div>
  )
}
