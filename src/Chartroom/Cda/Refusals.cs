namespace Chartroom.Cda;

/// <summary>Why a document is refused whole. <see cref="Refusal.Errors"/> names the element by its path; what it holds is never repeated.</summary>
internal static class Refusals
{
    public static readonly Refusal NotXml = new("cda.not-xml", 422, "The file is not complete, well-formed XML.");
    public static readonly Refusal HasDoctype = new("cda.has-doctype", 422, "The file brings a document type of its own, which no clinical document needs. Nothing of it was read.");
    public static readonly Refusal TooDeep = new("cda.too-deep", 422, "The file nests deeper than any clinical document does.");
    public static readonly Refusal TooManyElements = new("cda.too-many-elements", 422, "The file has more elements than this program takes in at once.");
    public static readonly Refusal TooManyWords = new("cda.too-many-words", 422, "The entries repeat more of the document's words than this program takes in at once.");
    public static readonly Refusal NotCda = new("cda.not-a-document", 422, "The file is XML, but not an HL7 clinical document (CDA).");
    public static readonly Refusal Fragment =
        new("cda.fragment", 422, "The file is a part of a clinical document: it names no patient, so nobody's chart can take it. Send the whole document.");
    public static readonly Refusal NoPatient = new("cda.no-patient", 422, "The document names no patient, so nobody's chart can take it.");
    public static readonly Refusal SeveralPatients = new("cda.several-patients", 422, "The document is about several patients at once. Send one document for each.");
    public static readonly Refusal InvalidBirthDate = new("cda.invalid-birth-date", 422, "The patient's day of birth does not exist or is not written as CDA does.");
    public static readonly Refusal NotBase64 = new("cda.not-base64", 422, "The document carries a file that is damaged.");
}
