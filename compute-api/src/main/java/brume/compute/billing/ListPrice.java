package brume.compute.billing;

/// What something costs for an hour of running, by the price book in force, before free units,
/// discounts and taxes.
///
/// @param perHour a decimal number of the currency's unit
/// @param minimumSeconds what each start is charged at least
public record ListPrice(String currency, String perHour, int minimumSeconds, String priceBookId) {}
