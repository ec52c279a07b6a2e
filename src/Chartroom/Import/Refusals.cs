namespace Chartroom.Import;

/// <summary>Why a file is refused whole. Where a resource is to blame, <see cref="Refusal.Errors"/> names it by its place in the bundle and
/// its FHIR id, and says which element is wrong; what the element holds is never repeated.</summary>
internal static class Refusals
{
    public static readonly Refusal EmptyFile = new("import.empty-file", 422, "The file is empty.");
    public static readonly Refusal TooLarge = new("import.too-large", 413, "The file is larger than this clinic takes in at once. Split it by patient.");
    public static readonly Refusal CutShort = new("import.cut-short", 400, "The file stopped coming before it was whole. Send it again.");
    public static readonly Refusal BrokenGzip = new("import.broken-gzip", 422, "The compressed file is damaged or was cut short. Send it again.");
    public static readonly Refusal NotUtf8 = new("import.not-utf8", 422, "The file is not text in UTF-8, as FHIR JSON must be.");
    public static readonly Refusal NotJson = new("import.not-json", 422, "The file is not complete, valid JSON.");
    public static readonly Refusal TooDeep = new("import.too-deep", 422, "The file nests deeper than any FHIR record does.");
    public static readonly Refusal NotABundle = new("import.not-a-bundle", 422, "The file is not a FHIR R4 Bundle.");
    public static readonly Refusal BundleType =
        new("import.bundle-type", 422, "Only bundles that carry records are taken in: transaction, batch, collection, searchset or document.");
    public static readonly Refusal NoPatient = new("import.no-patient", 422, "The bundle holds no Patient, so nobody's chart can take it.");
    public static readonly Refusal DuplicateFullUrl = new("import.duplicate-full-url", 422, "Two entries of the bundle have the same fullUrl.");
    public static readonly Refusal DuplicateResource = new("import.duplicate-resource", 422, "The bundle holds a resource of one patient twice.");
    public static readonly Refusal DanglingReference =
        new("import.dangling-reference", 422, "A resource refers to another one that is not in the file.");
    public static readonly Refusal WrongReference =
        new("import.wrong-reference", 422, "A resource refers to another one that it can't belong to.");
    public static readonly Refusal InvalidDate = new("import.invalid-date", 422, "A resource holds a date that does not exist or is not written as FHIR does.");
    public static readonly Refusal WrongType = new("import.wrong-type", 422, "A resource holds a value of the wrong type.");
    public static readonly Refusal MissingElement = new("import.missing-element", 422, "A resource lacks something that FHIR requires of it.");
    public static readonly Refusal IdentityConflict =
        new("import.identity-conflict", 409, "The record numbers of a patient in the file belong to two different patients here. Merge those first, or correct the numbers.");
    public static readonly Refusal OwnDocument = new("import.own-document", 409, "This document was taken out of this clinic's own chart, where all of it stands already.");
    public static readonly Refusal NoFile = new("import.no-file", 422, "Choose at least one file.");
    public static readonly Refusal UnknownCode = new("import.unknown-code", 422, "A resource holds a status that FHIR R4 does not know.");
}
