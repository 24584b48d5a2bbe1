/** What a passenger was shown instead of the decision, and who bears the difference. */
export const DIFFERENCE_JA = {
  term: "差額",
  shownTerm: "お客さまへの表示",
  decidedTerm: "決定したお支払い",
  fromCity: "市から受け取る額",
  shown: (shown: string, decided: string): string => `お客さまへの表示 ${shown}（決定 ${decided}）`,
  sum: (parts: string): string => `差額 ${parts}`,
  part: (amount: string, who: string): string => `${amount}：${who}`,
  and: "、",
  cityBears: "市の負担",
  citySaves: "市の補助から引く",
  companyBears: "会社の負担",
  companyKeeps: "会社の受け取り",
};
type DifferenceWords = typeof DIFFERENCE_JA;

export const DIFFERENCE_EN: DifferenceWords = {
  term: "Difference",
  shownTerm: "Shown to the rider",
  decidedTerm: "Decided for the rider",
  fromCity: "Company gets from the city",
  shown: (shown, decided) => `Rider was shown ${shown} (decided ${decided}).`,
  sum: (parts) => `Difference ${parts}`,
  part: (amount, who) => `${amount} ${who}`,
  and: ", ",
  cityBears: "borne by the city",
  citySaves: "off what the city pays",
  companyBears: "borne by the company",
  companyKeeps: "kept by the company",
};
