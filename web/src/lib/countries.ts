//! Countries by their own code, named in the reader's language.
const CODES =
  'AE AR AT AU BE BG BR CA CH CL CN CO CR CY CZ DE DK DO EC EE EG ES FI FR GB GE GH GR GT HK HR HU ID IE IL IN IS IT JM JO JP KE KR KW LT LU LV MA MT MX MY NG NL NO NZ PA PE PH PK PL PR PT QA RO RS RU SA SE SG SI SK TH TN TR TW UA US UY VE VN ZA'.split(
    ' ',
  )

export function countries(locale?: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale ?? navigator.language, { type: 'region' })
  return CODES.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((a, b) =>
    a.label.localeCompare(b.label),
  )
}
