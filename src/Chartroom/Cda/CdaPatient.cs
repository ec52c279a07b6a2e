using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Chartroom.Import;
using Chartroom.Patients;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>The record target of the US realm header as demographics, and back.</summary>
internal static partial class CdaPatient
{
    private const string Ssn = "2.16.840.1.113883.4.1", SsnSystem = "http://hl7.org/fhir/sid/us-ssn", Licences = "2.16.840.1.113883.4.3.", RaceSystem = "urn:oid:2.16.840.1.113883.6.238";

    /// <param name="role">The patientRole.</param>
    public static Demographics Read(XElement role, CdaSource source)
    {
        var patient = role.One("patient")!;   // whoever calls has looked
        return new Demographics
        {
            Names = [.. patient.Many("name").Select(Name).Where(name => name.Full.Length > 0)],
            BirthDate = BirthDate(patient.One("birthTime")),
            Sex = patient.At("administrativeGenderCode", "code") switch { "M" => Sex.Male, "F" => Sex.Female, "UN" => Sex.Other, _ => Sex.Unknown },
            Telecoms = [.. role.Many("telecom").Select(Telecom).OfType<ContactPoint>().Distinct()],
            Addresses = [.. role.Many("addr").Select(Address).OfType<PostalAddress>()],
            Contacts = [.. patient.Many("guardian").Select(Guardian), .. role.Document?.Root.Many("participant/associatedEntity").Where(IsKin).Select(Kin) ?? []],
            Identifiers = [.. role.Many("id").Select(Identifier).OfType<PatientIdentifier>().Distinct()],
            Languages = [.. patient.Many("languageCommunication").Select(Language).OfType<SpokenLanguage>()],
            MaritalStatus = patient.At("maritalStatusCode", "code"),
            Races = [.. source.Concepts(patient.Many("raceCode")).Select(race => race.Text).Distinct()],
            Ethnicity = source.Concept(patient.One("ethnicGroupCode"))?.Text,
            IsDeceased = patient.At("deceasedInd", "value") == "true" || patient.At("deceasedTime", "value") is not null,
            DeceasedAt = source.Time(patient.One("deceasedTime")),
        };
    }

    /// <param name="clinic">The clinic's own identifier, under which its record number stands.</param>
    public static XElement Write(PatientRecord record, Guid clinic)
    {
        var known = record.Demographics;
        return E("recordTarget", E("patientRole",
            E("id", A("root", clinic.ToString()), A("extension", record.Line.Mrn.ToString(System.Globalization.CultureInfo.InvariantCulture))), known.Identifiers.Select(IdOf),
            known.Addresses.Count == 0 ? Null("addr", "UNK") : known.Addresses.Select(AddressOf),
            known.Telecoms.Count == 0 ? Null("telecom", "UNK") : known.Telecoms.Select(TelecomOf),
            E("patient", known.Names.OrderBy(name => name != known.LeadName).Select(NameOf),
                Sexes.TryGetValue(known.Sex, out var sex) ? Code("administrativeGenderCode", sex, "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender") : Null("administrativeGenderCode", "UNK"),
                Ts("birthTime", known.BirthDate),
                known.IsDeceased ? new XElement(V3.Sdtc + "deceasedInd", A("value", "true")) : null,
                known.DeceasedAt is null ? null : new XElement(V3.Sdtc + "deceasedTime", A("value", CdaTimes.Write(known.DeceasedAt))),
                known.MaritalStatus is null ? null : Code("maritalStatusCode", known.MaritalStatus, "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"),
                Group("raceCode", known.Races is [var race, ..] ? race : null), known.Races.Skip(1).Select(other => SdtcGroup(Group("raceCode", other))), Group("ethnicGroupCode", known.Ethnicity),
                known.Languages.Select(language => E("languageCommunication", E("languageCode", A("code", language.Tag)), E("preferenceInd", A("value", language.IsPreferred ? "true" : "false")))))));
    }

    /// <summary>Who the person is by number: object identifiers of the sender; the social security number and licences are kept and identify nobody.</summary>
    private static PatientIdentifier? Identifier(XElement id)
    {
        if (id.Says("root") is not { } root || id.Says("nullFlavor") is not null) return null;
        if (id.Says("extension") is not { } value) return new("urn:ietf:rfc:3986", CodeSystems.FromCda(root, null)!, null);   // a root gives a name
        if (root == Ssn) return new(SsnSystem, value, PatientIdentifier.SocialSecurity);
        if (id.Says("assigningAuthorityName") is { } name && name.Contains("://", StringComparison.Ordinal)) return new(name, value, null);
        return new(CodeSystems.FromCda(root, null), value, root.StartsWith(Licences, StringComparison.Ordinal) ? "DL" : null);
    }

    /// <summary>What identifies nobody stays here, but for the social security number, which a summary of care carries.</summary>
    private static XElement? IdOf(PatientIdentifier number)
    {
        if (number.Type == PatientIdentifier.SocialSecurity) return E("id", A("root", Ssn), A("extension", number.Value));
        if (!number.IsRecordNumber || number.System is not { } system || system == PatientIdentity.Stand) return null;
        if (system == "urn:ietf:rfc:3986") return E("id", A("root", CodeSystems.ToCda(number.Value) is { Oid: { } self } ? self : Named(number.Value).ToString()));
        return CodeSystems.ToCda(system).Oid is { } oid ? E("id", A("root", oid), A("extension", number.Value))
            : E("id", A("root", Named(system).ToString()), A("extension", number.Value), A("assigningAuthorityName", system));
    }

    /// <summary>A UUID that stands for an address, always the same one.</summary>
    private static Guid Named(string address) => new(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 16));

    private static PartialTime? BirthDate(XElement? birth)
    {
        if ((birth.Says("value") ?? birth.At("low", "value")) is not { } text) return null;
        var read = CdaTimes.Parse(text);
        if (read.Time is null) throw birth!.Fault(Refusals.InvalidBirthDate, "is not a date");   // it has a text
        return read.Time.Precision != TimePrecision.Instant ? read.Time : PartialTime.TryParse(read.Time.Text[..10], out var day) ? day : null;
    }

    private static PersonName Name(XElement name)
    {
        var (use, givens) = (name.Says("use") ?? "", name.Many("given").ToList());
        var parts = new PersonName
        {
            Use = use.Contains('P', StringComparison.Ordinal) ? NameUse.Nickname : use.Contains('C', StringComparison.Ordinal) ? NameUse.Official
                : use.Contains("ASGN", StringComparison.Ordinal) ? NameUse.Anonymous : name.Many("family").Any(family => family.Says("qualifier") == "BR") && !name.Many("family").Skip(1).Any() ? NameUse.Maiden : NameUse.Usual,
            Family = V3.Plain(string.Join(' ', name.Many("family").Where(family => family.Says("qualifier") != "BR" || !name.Many("family").Skip(1).Any()).Select(family => family.Value))),
            Given = [.. givens.Where(given => given.Says("qualifier") != "CL").Select(given => V3.Plain(given.Value)).OfType<string>()],
            Prefixes = [.. name.Many("prefix").Select(part => V3.Plain(part.Value)).OfType<string>()],
            Suffixes = [.. name.Many("suffix").Select(part => V3.Plain(part.Value)).OfType<string>()],
        };
        return parts.Full.Length > 0 ? parts : parts with { Text = V3.Plain(name.Value) };
    }

    private static XElement NameOf(PersonName name)
    {
        var use = name.Use switch { NameUse.Usual => "L", NameUse.Official => "C", NameUse.Nickname => "P", NameUse.Anonymous => "ASGN", _ => null };
        var element = E("name", use is null ? null : A("use", use), name.Prefixes.Select(part => E("prefix", part)), name.Given.Select(part => E("given", part)),
            name.Family is null ? null : E("family", name.Use == NameUse.Maiden ? A("qualifier", "BR") : null, name.Family), name.Suffixes.Select(part => E("suffix", part)));
        if (!element.HasElements && name.Text is not null) element.Add(name.Text);
        return element;
    }

    private static ContactPoint? Telecom(XElement telecom)
    {
        if (telecom.Says("value") is not { } value || Scheme().Match(value) is not { Success: true } match || match.Groups[2].Value.Trim().Length == 0) return null;
        var use = telecom.Says("use") ?? "";
        return new ContactPoint
        {
            System = match.Groups[1].Value.ToLowerInvariant() switch { "" or "tel" => value.Contains('@', StringComparison.Ordinal) ? ContactSystem.Email : ContactSystem.Phone, "mailto" => ContactSystem.Email, "fax" => ContactSystem.Fax, "http" or "https" => ContactSystem.Url, _ => ContactSystem.Other },
            Value = match.Groups[1].Value.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? value : match.Groups[2].Value.Trim(),
            Use = use.Contains("MC", StringComparison.Ordinal) ? ContactUse.Mobile : use.StartsWith('H') ? ContactUse.Home : use.StartsWith("WP", StringComparison.Ordinal) ? ContactUse.Work : null,
        };
    }

    private static XElement TelecomOf(ContactPoint point)
    {
        var scheme = point.System switch { ContactSystem.Phone or ContactSystem.Sms or ContactSystem.Pager => "tel:", ContactSystem.Fax => "fax:", ContactSystem.Email => "mailto:", _ => "" };
        var use = point.Use switch { ContactUse.Home => "HP", ContactUse.Work => "WP", ContactUse.Mobile => "MC", _ => null };
        return E("telecom", use is null ? null : A("use", use), A("value", scheme + point.Value));
    }

    private static PostalAddress? Address(XElement address)
    {
        if (address.Says("nullFlavor") is not null && !address.HasElements) return null;
        string? Part(string name) => V3.Plain(address.One(name)?.Value);
        var read = new PostalAddress
        {
            Use = address.Says("use") switch { { } use when use.StartsWith('H') => AddressUse.Home, "WP" => AddressUse.Work, "TMP" => AddressUse.Temporary, "BAD" => AddressUse.Old, _ => null },
            Lines = [.. address.Many("streetAddressLine").Select(line => V3.Plain(line.Value)).OfType<string>()],
            City = Part("city"), State = Part("state"), PostalCode = Part("postalCode"), Country = Part("country"),
            Text = address.HasElements ? null : V3.Plain(address.Value),
        };
        return read is { Lines.Count: 0, City: null, State: null, PostalCode: null, Country: null, Text: null } ? null : read;
    }

    private static XElement AddressOf(PostalAddress address)
    {
        var use = address.Use switch { AddressUse.Home => "HP", AddressUse.Work => "WP", AddressUse.Temporary => "TMP", AddressUse.Old => "BAD", _ => null };
        var lines = address.Lines.Count == 0 && address.Text is not null ? [address.Text] : address.Lines;
        return E("addr", use is null ? null : A("use", use), lines.Select(line => E("streetAddressLine", line)), address.City is null ? null : E("city", address.City),
            address.State is null ? null : E("state", address.State), address.PostalCode is null ? null : E("postalCode", address.PostalCode), address.Country is null ? null : E("country", address.Country));
    }

    private static RelatedContact Guardian(XElement guardian) => Contact(guardian, guardian.One("guardianPerson/name"), "guardian");

    private static RelatedContact Kin(XElement entity) => Contact(entity, entity.One("associatedPerson/name"), entity.Says("classCode") == "ECON" ? "emergency contact" : "next of kin");

    private static RelatedContact Contact(XElement element, XElement? name, string relation) => new()
    {
        Relationships = [V3.Plain(element.At("code", "displayName")) ?? relation],
        IsEmergencyContact = element.Says("classCode") == "ECON",
        Name = name is null ? null : Name(name),
        Telecoms = [.. element.Many("telecom").Select(Telecom).OfType<ContactPoint>()],
        Address = element.Many("addr").Select(Address).FirstOrDefault(address => address is not null),
    };

    private static bool IsKin(XElement entity) => entity.Says("classCode") is "ECON" or "NOK" && entity.One("associatedPerson/name") is not null;

    private static SpokenLanguage? Language(XElement spoken) =>
        spoken.At("languageCode", "code") is { } tag ? new(tag, null, spoken.At("preferenceInd", "value") == "true") : null;

    private static XElement? Group(string name, string? words)
    {
        if (words is null) return null;
        var code = Array.Find(Groups, group => string.Equals(group.Words, words, StringComparison.OrdinalIgnoreCase)).Code;
        return code is null ? E(name, A("nullFlavor", "OTH"), Text("originalText", words)) : Code(name, code, RaceSystem, words);
    }

    private static XElement? SdtcGroup(XElement? race)
    {
        if (race is not null) race.Name = V3.Sdtc + "raceCode";
        return race;
    }

    /// <summary>The five races and two ethnic groups of OMB, which US realm headers carry by code.</summary>
    private static readonly (string Words, string? Code)[] Groups =
    [
        ("American Indian or Alaska Native", "1002-5"), ("Asian", "2028-9"), ("Black or African American", "2054-5"), ("Native Hawaiian or Other Pacific Islander", "2076-8"), ("White", "2106-3"),
        ("Hispanic or Latino", "2135-2"), ("Not Hispanic or Latino", "2186-5"),
    ];

    private static readonly Dictionary<Sex, string> Sexes = new() { [Sex.Male] = "M", [Sex.Female] = "F", [Sex.Other] = "UN" };

    [GeneratedRegex(@"^(?:([A-Za-z]+):)?(?://)?(.*)\z", RegexOptions.Singleline)]
    private static partial Regex Scheme();
}
