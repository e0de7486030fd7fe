/** UN/LOCODE: country in two letters, place in three letters or digits from 2 on, such as `USLAX` (UNECE Recommendation 16). */
export const unlocodeForm = /^[A-Z]{2}[A-Z2-9]{3}$/;

export const isUnlocode = (text: string): boolean => unlocodeForm.test(text);
