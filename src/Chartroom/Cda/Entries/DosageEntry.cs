using System.Globalization;
using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>How a drug is taken: dose, route, and the two kinds of timing, by the clock (PIVL) and by the day's events (EIVL). What the chart has no field for
/// (a rate, a greatest dose, a site) becomes an instruction in words.</summary>
internal static class DosageEntry
{
    private const string Sig = "2.16.840.1.113883.10.20.22.4.147", Instruction = "2.16.840.1.113883.10.20.22.4.20", AsNeededFor = "as needed for ";

    public static bool IsTiming(XElement time) => time.TypeOf() is "PIVL_TS" or "EIVL_TS" || time.One("period") is not null || time.One("event") is not null;

    /// <summary>The activity's own dosage, then those of the activities it consists of.</summary>
    public static IReadOnlyList<Dosage> ReadAll(XElement drug, CdaSource source) =>
    [
        .. drug.Many("entryRelationship").Where(relation => relation.Says("typeCode") == "COMP").SelectMany(relation => relation.Many("substanceAdministration"))
            .Where(part => !part.HasTemplate(Sig)).Prepend(drug)
            .Select(part => Read(part, source)).OfType<Dosage>(),
    ];

    public static void WriteAll(IReadOnlyList<Dosage> dosages, XElement drug)
    {
        if (dosages.Count == 0) return;
        Put(drug, Parts(dosages[0]));
        foreach (var (number, dosage) in dosages.Skip(1).Index())
        {
            var part = Act("substanceAdministration", "SBADM", drug.Says("moodCode") ?? "INT", MedicationEntry.Product(Null("code", "NA")));
            Put(part, Parts(dosage));
            Put(drug, [E("entryRelationship", A("typeCode", "COMP"), E("sequenceNumber", A("value", (number + 2).ToString(CultureInfo.InvariantCulture))), part)]);
        }
    }

    private static Dosage? Read(XElement part, CdaSource source)
    {
        var unit = source.Concept(part.One("administrationUnitCode"))?.Text;
        var timings = part.Many("effectiveTime").Concat(part.Many("effectiveTime/comp")).Where(IsTiming).ToList();
        var clock = timings.Find(time => time.TypeOf() == "PIVL_TS" || time.One("period") is not null);
        var isNeeded = part.Many("precondition/criterion").Any();
        var dosage = new Dosage
        {
            Text = source.Words(part.Related("substanceAdministration").FirstOrDefault(sig => sig.HasTemplate(Sig)).One("text")) ?? Facts.TextOf(source, part, "dosage.text"),
            Dose = Dose(part.One("doseQuantity"), "low", unit),
            DoseUpTo = part.One("doseQuantity/low") is null ? null : Dose(part.One("doseQuantity"), "high", unit),
            Route = source.Concept(part.One("routeCode")),
            IsAsNeeded = isNeeded,
            Times = CdaSource.Whole(Facts.TextOf(source, part, "timing.frequency")) ?? (PeriodOf(clock) is null ? null : 1),
            Period = CdaSource.Number(Facts.TextOf(source, part, "timing.period")) ?? PeriodOf(clock)?.Value,
            PeriodUnit = Facts.TextOf(source, part, "timing.periodUnit") ?? PeriodOf(clock)?.Unit,
            Instructions = [.. Instructions(part, timings, source)],
        };
        return dosage with { Instructions = [] } == new Dosage { Instructions = [] } && dosage.Instructions.Count == 0 ? null : dosage;
    }

    private static IEnumerable<string> Instructions(XElement part, List<XElement> timings, CdaSource source)
    {
        foreach (var reason in part.Many("precondition/criterion").Select(criterion => source.Concept(criterion.One("value")) ?? source.Concept(criterion.One("code"))))
            if (reason is { Text: not ("ASSERTION" or "Assertion") }) yield return AsNeededFor + reason.Text;
        foreach (var time in timings)
        {
            if (time.At("event", "code") is { } code) yield return Event(code, time.One("offset"));
            if (time.One("period/low") is { } low) yield return $"every {low.Says("value")} to {time.At("period/high", "value")} {low.Says("unit")}";
        }
        if (part.One("rateQuantity") is { } rate && CdaSource.Amount(rate.One("low") ?? rate) is { } speed) yield return $"rate {Words(speed)}";
        if (CdaSource.Amount(part.One("maxDoseQuantity/numerator")) is { } most) yield return $"at most {Words(most)} in {Words(CdaSource.Amount(part.One("maxDoseQuantity/denominator")))}".Trim();
        if (source.Concept(part.One("approachSiteCode")) is { } site) yield return $"site: {site.Text}";
        foreach (var act in part.Related("act").Where(act => act.HasTemplate(Instruction)))
            if ((source.Words(act.One("text")) ?? source.Concept(act.One("code"))?.Text) is { } words) yield return words;
    }

    private static IEnumerable<XElement> Parts(Dosage dosage)
    {
        if (dosage.Text is { } text)
            yield return Relation("COMP", Act("substanceAdministration", "SBADM", "EVN", EntryTemplate("147"), Code("code", "76662-6", CodeSystems.Loinc, "Instructions"), CdaOut.Text("text", text),
                MedicationEntry.Product(Null("code", "NA"))));
        if (dosage.Dose is { } dose) yield return dosage.DoseUpTo is { } upTo ? E("doseQuantity", Pq("low", dose), Pq("high", upTo)) : Pq("doseQuantity", dose);
        if (dosage.Route is { } route) yield return Cd("routeCode", route);
        if (dosage is { Period: > 0 and { } period, PeriodUnit: { } unit })
        {
            var times = dosage.Times ?? 1;
            yield return WithType(E("effectiveTime", A("institutionSpecified", times > 1 ? "true" : "false"), A("operator", "A"), E("period", Every(period, unit, times))), "PIVL_TS");
        }
        foreach (var fact in Timing(dosage)) yield return fact;
        var reason = dosage.IsAsNeeded ? dosage.Instructions.FirstOrDefault(it => it.StartsWith(AsNeededFor, StringComparison.Ordinal)) : null;
        if (dosage.IsAsNeeded) yield return E("precondition", A("typeCode", "PRCN"), E("criterion", EntryTemplate("25", "2014-06-09"), EntryTemplate("25"), Code("code", "ASSERTION", CodeSystems.ActCode, "Assertion"),
            WithType(reason is null ? Null("value", "NI") : E("value", A("nullFlavor", "OTH"), CdaOut.Text("originalText", reason[AsNeededFor.Length..])), "CD")));
        foreach (var words in dosage.Instructions.Where(words => !ReferenceEquals(words, reason)))
            if (Array.Find(Events, known => known.Words == words) is { Code: not null } known)
                yield return WithType(E("effectiveTime", A("operator", "A"), E("event", A("code", known.Code))), "EIVL_TS");
            else yield return Relation("SUBJ", Act("act", "ACT", "INT", EntryTemplate("20", "2014-06-09"), EntryTemplate("20"), Code("code", "311401005", CodeSystems.Snomed, "Patient education"),
                CdaOut.Text("text", words), E("statusCode", A("code", "completed"))), isInverse: true);
    }

    /// <summary>What the period cannot say: twice in one day is not every twelve hours to the minute.</summary>
    private static IEnumerable<XElement> Timing(Dosage dosage)
    {
        if (dosage is { Times: null or 1, Period: > 0, PeriodUnit: not null } or { Times: null, Period: null, PeriodUnit: null }) yield break;
        if (dosage.Times is { } times) yield return Facts.Text("timing.frequency", times.ToString(CultureInfo.InvariantCulture))!;   // it has a text
        if (dosage.Period is { } period) yield return Facts.Text("timing.period", Number(period))!;   // it has a text
        if (dosage.PeriodUnit is { } unit) yield return Facts.Text("timing.periodUnit", unit)!;   // it has a text
    }

    private static object[] Every(decimal period, string unit, int times)
    {
        var (length, of) = times > 1 && unit == "d" ? (period * 24, "h") : (period, unit);
        return [A("value", times > 1 ? (length / times).ToString("0.####", CultureInfo.InvariantCulture) : Number(length)), A("unit", of)];
    }

    private static void Put(XElement act, IEnumerable<XElement> parts)
    {
        var sorted = Act(act.Name.LocalName, "", "", act.Elements(), parts).Elements().ToList();
        act.Elements().Remove();
        act.Add(sorted);
    }

    private static Quantity? Dose(XElement? element, string bound, string? unit) =>
        CdaSource.Amount(element.One(bound) ?? (bound == "low" ? element.One("high") ?? element : null)) is not { } amount ? null : amount.Unit is null or "1" && unit is not null ? amount with { Unit = unit } : amount;

    private static Quantity? PeriodOf(XElement? clock) => CdaSource.Amount(clock.One("period"));

    private static string Event(string code, XElement? offset)
    {
        var words = Array.Find(Events, known => known.Code == code).Words ?? $"at {code}";
        return CdaSource.Amount(offset.One("low") ?? offset) is { } shift ? $"{Words(shift)} off: {words}" : words;
    }

    private static string Words(Quantity? amount) => amount is null ? "" : $"{Number(amount.Value)} {amount.Shown ?? amount.Unit}".TrimEnd();

    private static readonly (string Code, string Words)[] Events =
    [
        ("AC", "before meals"), ("ACM", "before breakfast"), ("ACD", "before lunch"), ("ACV", "before dinner"), ("PC", "after meals"), ("PCM", "after breakfast"), ("PCD", "after lunch"), ("PCV", "after dinner"),
        ("C", "with meals"), ("CM", "with breakfast"), ("CD", "with lunch"), ("CV", "with dinner"), ("HS", "at bedtime"), ("WAKE", "upon waking"), ("IC", "between meals"),
        ("ICM", "between breakfast and lunch"), ("ICD", "between lunch and dinner"), ("ICV", "between dinner and bedtime"),
    ];
}
