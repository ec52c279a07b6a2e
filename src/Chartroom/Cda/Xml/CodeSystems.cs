using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Chartroom.Cda;

/// <summary>Names of code systems: CDA has object identifiers, the chart FHIR's addresses.</summary>
/// <seealso href="https://terminology.hl7.org/codesystems.html"/>
internal static partial class CodeSystems
{
    public const string Snomed = "http://snomed.info/sct", Loinc = "http://loinc.org", NullFlavor = V3System + "NullFlavor", ActCode = V3System + "ActCode";

    private const string V3System = "http://terminology.hl7.org/CodeSystem/v3-", Hl7Root = "2.16.840.1.113883.";

    /// <summary>As the chart writes it.</summary>
    public static string? FromCda(string? oid, string? name)
    {
        if (oid is null) return name is null ? null : Named(name);
        if (ByOid.TryGetValue(oid, out var address)) return address;
        return OidForm().IsMatch(oid) ? "urn:oid:" + oid : Guid.TryParse(oid, out _) ? "urn:uuid:" + oid : Named(oid);
    }

    private static string Named(string name) => ByName.GetValueOrDefault(name.ToUpperInvariant().Replace(" ", "", StringComparison.Ordinal), name);

    /// <summary>The attributes of a code: an identifier where there is one, else the name alone, which CDA allows.</summary>
    public static (string? Oid, string? Name) ToCda(string? system) => system switch
    {
        null => (null, null),
        _ when ByAddress.TryGetValue(system, out var known) => (known.Oid, known.Name),
        _ when system.StartsWith("urn:oid:", StringComparison.Ordinal) => (system["urn:oid:".Length..], null),
        _ when system.StartsWith("urn:uuid:", StringComparison.Ordinal) => (system["urn:uuid:".Length..], null),
        _ => (null, system),
    };

    // The first identifier of an address is the one written.
    private static readonly (string Oid, string Address, string Name)[] Known =
    [
        (Hl7Root + "6.96", Snomed, "SNOMED CT"), (Hl7Root + "6.1", Loinc, "LOINC"), (Hl7Root + "6.88", "http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
        (Hl7Root + "6.90", "http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"), (Hl7Root + "6.103", "http://hl7.org/fhir/sid/icd-9-cm", "ICD-9-CM"),
        (Hl7Root + "6.3", "http://hl7.org/fhir/sid/icd-10", "ICD-10"), (Hl7Root + "6.4", "http://www.cms.gov/Medicare/Coding/ICD10", "ICD-10-PCS"),
        (Hl7Root + "6.12", "http://www.ama-assn.org/go/cpt", "CPT"), (Hl7Root + "6.13", "http://www.ada.org/cdt", "CDT"),
        (Hl7Root + "12.292", "http://hl7.org/fhir/sid/cvx", "CVX"), (Hl7Root + "6.59", "http://hl7.org/fhir/sid/cvx", "CVX"), (Hl7Root + "12.227", "http://hl7.org/fhir/sid/mvx", "MVX"),
        (Hl7Root + "6.69", "http://hl7.org/fhir/sid/ndc", "NDC"), (Hl7Root + "4.9", "http://fdasis.nlm.nih.gov", "UNII"), (Hl7Root + "3.26.1.5", "http://hl7.org/fhir/ndfrt", "NDF-RT"),
        (Hl7Root + "3.26.1.1", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "NCI Thesaurus"), (Hl7Root + "6.8", "http://unitsofmeasure.org", "UCUM"),
        (Hl7Root + "6.101", "http://nucc.org/provider-taxonomy", "Provider taxonomy"), (Hl7Root + "12.112", "http://terminology.hl7.org/CodeSystem/v2-0112", "DischargeDisposition"),
        V3Code("5.4", "ActCode"), V3Code("5.83", "ObservationInterpretation"), V3Code("5.112", "RouteOfAdministration"), V3Code("5.1052", "ActSite"), V3Code("5.2", "MaritalStatus"),
        V3Code("5.1008", "NullFlavor"), V3Code("5.8", "ActReason"), V3Code("5.111", "RoleCode"), V3Code("5.139", "TimingEvent"), V3Code("5.7", "ActPriority"), V3Code("5.1", "AdministrativeGender"),
        V3Code("5.1076", "ReligiousAffiliation"), V3Code("5.88", "ParticipationFunction"),
    ];

    private static readonly FrozenDictionary<string, string> ByOid = Known.ToFrozenDictionary(it => it.Oid, it => it.Address);
    private static readonly FrozenDictionary<string, (string Oid, string Name)> ByAddress = Known.DistinctBy(it => it.Address).ToFrozenDictionary(it => it.Address, it => (it.Oid, it.Name));
    private static readonly FrozenDictionary<string, string> ByName = Known.DistinctBy(it => it.Name)
        .ToFrozenDictionary(it => it.Name.ToUpperInvariant().Replace(" ", "", StringComparison.Ordinal), it => it.Address);

    private static (string, string, string) V3Code(string oid, string name) => (Hl7Root + oid, V3System + name, name);

    [GeneratedRegex(@"^[0-2](\.(0|[1-9]\d*))+\z")]
    private static partial Regex OidForm();
}
