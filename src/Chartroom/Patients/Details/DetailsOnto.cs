namespace Chartroom.Patients;

/// <summary>From details to the full record and back. Pure.</summary>
internal static class DetailsOnto
{
    /// <summary>Nobody yet.</summary>
    public static readonly Demographics Nobody = new() { Names = [] };

    /// <summary>The record with the details in it; what the details do not speak of (second insurance, other systems' numbers, …) stays.</summary>
    /// <param name="typed">Checked by <see cref="DetailsRules"/>.</param>
    /// <param name="before">The record so far.</param>
    public static Demographics Apply(PatientDetails typed, Demographics before) => before with
    {
        Names = NamesOf(typed.Name!, before),   // checked details have all their parts
        BirthDate = PartialTime.TryParse(typed.BirthDate, out var birth) ? birth : null,
        Sex = typed.Sex ?? Sex.Unknown,
        GenderIdentity = typed.Facts!.GenderIdentity,
        Pronouns = typed.Facts.Pronouns,
        Interpreter = typed.Facts.Interpreter,
        DeskAlert = typed.Facts.DeskAlert,
        Telecoms = TelecomsOf(typed.Contact!, before),
        Addresses = Replaced(before.Addresses, HomeOf(before), AddressOf(typed.Address!, HomeOf(before))),
        Contacts = Replaced(before.Contacts, EmergencyOf(before), ContactOf(typed.Emergency!, EmergencyOf(before))),
        Coverages = Replaced(before.Coverages, FirstOf(before), CoverageOf(typed.Insurance!, FirstOf(before))),
        Identifiers = IdentifiersOf(typed.Facts, before),
        Languages = typed.Facts.Language == PreferredOf(before)?.Tag
            ? before.Languages
            : Replaced(before.Languages, PreferredOf(before), typed.Facts.Language is { } tag ? new SpokenLanguage(tag, null, true) : null),
    };

    /// <summary>The part of the record that a form shows.</summary>
    public static PatientDetails Of(Demographics patient)
    {
        var (name, home, insurance, emergency) = (patient.LeadName, HomeOf(patient), FirstOf(patient), EmergencyOf(patient));
        return new(
            new(First(name?.Given) ?? (name?.Family is null ? name?.Text : null), NullIfEmpty(string.Join(' ', name?.Given.Skip(1) ?? [])), name?.Family,
                NullIfEmpty(string.Join(' ', name?.Suffixes ?? [])), NickOf(patient)?.Full, FormerOf(patient)?.Full),
            patient.BirthDate?.Text,
            patient.Sex,
            new(PhoneOf(patient, ContactUse.Mobile)?.Value, PhoneOf(patient, ContactUse.Home)?.Value, PhoneOf(patient, ContactUse.Work)?.Value, EmailOf(patient)?.Value),
            new(First(home?.Lines), NullIfEmpty(string.Join(", ", home?.Lines.Skip(1) ?? [])), home?.City, home?.State, home?.PostalCode, home?.Country),
            new(emergency?.Name?.Full, NullIfEmpty(string.Join(", ", emergency?.Relationships ?? [])), First(emergency?.Telecoms)?.Value),
            new(insurance?.Payer, insurance?.Plan, insurance?.MemberId, insurance?.GroupNumber, insurance?.SubscriberName, insurance?.Relationship),
            new(patient.GenderIdentity, patient.Pronouns, PreferredOf(patient)?.Tag, patient.SocialSecurityNumber, OtherNumberOf(patient)?.Value,
                patient.Interpreter, patient.DeskAlert));
    }

    /// <summary>The same with telephones as people write them, for the form.</summary>
    public static PatientDetails Shown(PatientDetails details)
    {
        static string? Phone(string? value) => value is null ? null : PatientWords.Phone(value);
        return details with
        {
            Contact = details.Contact is { } contact
                ? contact with { Mobile = Phone(contact.Mobile), Home = Phone(contact.Home), Work = Phone(contact.Work) } : null,
            Emergency = details.Emergency is { } emergency ? emergency with { Phone = Phone(emergency.Phone) } : null,
        };
    }

    private static IReadOnlyList<PersonName> NamesOf(TypedName typed, Demographics before)
    {
        var lead = before.LeadName;
        var given = new[] { typed.Given }.Concat((typed.Middle ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).OfType<string>().ToList();
        var now = (lead ?? new PersonName { Use = NameUse.Official }) with
        {
            Given = given,
            Family = typed.Family,
            Suffixes = typed.Suffix is null ? [] : [typed.Suffix],
            Text = null,
        };
        var names = lead is null ? [now, .. before.Names] : Replaced(before.Names, lead, now);
        names = Replaced(names, NickOf(before), Kept(NickOf(before), typed.Nickname) ?? NameOf(typed.Nickname, NameUse.Nickname));
        return Replaced(names, FormerOf(before), Kept(FormerOf(before), typed.Former) ?? NameOf(typed.Former, NameUse.Former));
    }

    /// <summary>One word is the changed part: a nickname is a given name, a former name usually a family name.</summary>
    private static PersonName? NameOf(string? typed, NameUse use) => (typed, use) switch
    {
        (null, _) => null,
        (_, NameUse.Nickname) => new() { Use = use, Given = [typed] },
        _ when typed.LastIndexOf(' ') is var at and > 0 => new() { Use = use, Given = typed[..at].Split(' ', StringSplitOptions.RemoveEmptyEntries), Family = typed[(at + 1)..] },
        _ => new() { Use = use, Family = typed },
    };

    private static PersonName? Kept(PersonName? before, string? typed) => before?.Full == typed ? before : null;

    private static IReadOnlyList<ContactPoint> TelecomsOf(TypedContact typed, Demographics before)
    {
        var points = before.Telecoms;
        foreach (var (use, value) in new[] { (ContactUse.Mobile, typed.Mobile), (ContactUse.Home, typed.Home), (ContactUse.Work, typed.Work) })
        {
            var old = PhoneOf(before, use);
            points = Replaced(points, old, value is null ? null : (old ?? new() { System = ContactSystem.Phone, Value = value, Use = use }) with { Value = value });
        }
        var email = EmailOf(before);
        return Replaced(points, email, typed.Email is null ? null : (email ?? new() { System = ContactSystem.Email, Value = typed.Email }) with { Value = typed.Email });
    }

    private static PostalAddress? AddressOf(TypedAddress typed, PostalAddress? before)
    {
        if (typed == new TypedAddress(null, null, null, null, null, null)) return null;
        var lines = new[] { typed.Line1, typed.Line2 }.OfType<string>().ToList();
        var isSame = before is not null && string.Join(", ", before.Lines) == string.Join(", ", lines);
        return (before ?? new() { Use = AddressUse.Home }) with
        {
            Lines = isSame ? before!.Lines : lines,   // isSame says that there is one
            City = typed.City,
            State = typed.State,
            PostalCode = typed.PostalCode,
            Country = typed.Country,
        };
    }

    private static RelatedContact? ContactOf(TypedEmergencyContact typed, RelatedContact? before)
    {
        if (typed.Name is null) return null;
        var phone = typed.Phone is null ? null : (First(before?.Telecoms) ?? new() { System = ContactSystem.Phone, Value = typed.Phone }) with { Value = typed.Phone };
        return (before ?? new()) with
        {
            IsEmergencyContact = true,
            Name = Kept(before?.Name, typed.Name) ?? new() { Text = typed.Name },
            Relationships = typed.Relationship is null ? [] : typed.Relationship.Split(", "),
            Telecoms = Replaced(before?.Telecoms ?? [], First(before?.Telecoms), phone),
        };
    }

    private static InsuranceCoverage? CoverageOf(TypedInsurance typed, InsuranceCoverage? before) => typed.Payer is null ? null : (before ?? new() { Rank = 1 }) with
    {
        Payer = typed.Payer,
        Plan = typed.Plan,
        MemberId = typed.MemberId,
        GroupNumber = typed.GroupNumber,
        SubscriberName = typed.SubscriberName,
        Relationship = typed.Relationship,
    };

    private static IReadOnlyList<PatientIdentifier> IdentifiersOf(TypedFacts typed, Demographics before)
    {
        var social = before.Identifiers.FirstOrDefault(number => number.Type == PatientIdentifier.SocialSecurity);
        var numbers = Replaced(before.Identifiers, social, typed.SocialSecurityNumber is { } value
            ? (social ?? new(SocialSecuritySystem, value, PatientIdentifier.SocialSecurity)) with { Value = value } : null);
        var other = OtherNumberOf(before);
        return Replaced(numbers, other, typed.OtherRecordNumber is { } number2
            ? (other ?? new(null, number2, PatientIdentifier.MedicalRecord)) with { Value = number2 } : null);
    }

    // https://terminology.hl7.org/NamingSystem-ssn.html
    private const string SocialSecuritySystem = "http://hl7.org/fhir/sid/us-ssn";

    private static PersonName? NickOf(Demographics patient) => patient.Names.FirstOrDefault(name => name.Use == NameUse.Nickname && name != patient.LeadName);
    private static PersonName? FormerOf(Demographics patient) => patient.Names.FirstOrDefault(name => name.Use is NameUse.Former or NameUse.Maiden && name != patient.LeadName);
    private static ContactPoint? EmailOf(Demographics patient) => patient.Telecoms.FirstOrDefault(point => point is { System: ContactSystem.Email, Use: not ContactUse.Old });
    private static PostalAddress? HomeOf(Demographics patient) => patient.Addresses.FirstOrDefault(address => address.Use is null or AddressUse.Home);
    private static RelatedContact? EmergencyOf(Demographics patient) => patient.Contacts.FirstOrDefault(contact => contact.IsEmergencyContact) ?? First(patient.Contacts);
    private static InsuranceCoverage? FirstOf(Demographics patient) => patient.Coverages.OrderBy(coverage => coverage.Rank ?? int.MaxValue).FirstOrDefault();
    private static SpokenLanguage? PreferredOf(Demographics patient) => patient.Languages.FirstOrDefault(language => language.IsPreferred) ?? First(patient.Languages);

    /// <summary>A record number typed by hand names no system; those that other systems gave are not for the form.</summary>
    private static PatientIdentifier? OtherNumberOf(Demographics patient) =>
        patient.Identifiers.FirstOrDefault(number => number is { Type: PatientIdentifier.MedicalRecord, System: null });

    /// <summary>A telephone without a use counts as the home one.</summary>
    private static ContactPoint? PhoneOf(Demographics patient, ContactUse use) => patient.Telecoms.FirstOrDefault(point =>
        point.System is ContactSystem.Phone or ContactSystem.Sms && (point.Use ?? ContactUse.Home) == use);

    private static T? First<T>(IReadOnlyList<T>? all) where T : class => all is [var first, ..] ? first : null;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>The list with one element exchanged, added or taken out; the others keep their place.</summary>
    private static IReadOnlyList<T> Replaced<T>(IReadOnlyList<T> all, T? old, T? now) where T : class
    {
        if (old is null) return now is null ? all : [.. all, now];
        return [.. all.Select(it => ReferenceEquals(it, old) ? now : it).OfType<T>()];
    }
}
