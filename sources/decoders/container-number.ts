/** An ISO 6346 container number such as `GMCU6094137`, with or without its check digit. */
export const isContainerNumber = (text: string): boolean => /^[A-Z]{3}[UJZ]\d{6,7}$/.test(text);
