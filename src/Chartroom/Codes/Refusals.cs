namespace Chartroom.Codes;

internal static class Refusals
{
    public static readonly Refusal NoSuchCode = new("codes.no-such-code", 404, "The loaded edition of ICD-10-CM has no such code.");
    public static readonly Refusal BadSearch = new("codes.bad-search", 422, "A search has up to 200 characters and asks for 1 to 50 codes.");
    public static readonly Refusal NotAnOrderFile = new("codes.not-an-order-file", 422, "This is not the order file that CMS publishes (icd10cm-order-YYYY.txt).");
}
