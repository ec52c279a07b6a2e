using System.Globalization;
using System.Xml.Linq;
using Chartroom.Charts;
using static Chartroom.Cda.CdaOut;

namespace Chartroom.Cda;

/// <summary>A medication activity: what the patient takes (mood event) or was ordered (intent).</summary>
/// <seealso href="https://hl7.org/cda/us/ccda/STU1.1/2.16.840.1.113883.10.20.22.4.16.html"/>
internal static class MedicationEntry
{
    public const string Activity = "2.16.840.1.113883.10.20.22.4.16";

    public static Entry Read(XElement drug, CdaSource source)
    {
        var isReported = drug.Says("moodCode") == "EVN";
        var code = source.Concept(drug.One("consumable/manufacturedProduct/manufacturedMaterial/code"))
            ?? (V3.Plain(drug.One("consumable/manufacturedProduct/manufacturedMaterial/name")?.Value) is { } name ? new Concept { Text = name } : drug.IsNegated() ? NoneKnown : null)
            ?? new Concept { Text = source.Words(drug.One("text")) ?? "A drug that the document does not name" };   // a list that looks complete must be
        var (start, end) = source.Interval(drug.Many("effectiveTime").FirstOrDefault(time => !DosageEntry.IsTiming(time)));
        var supply = drug.Related("supply").FirstOrDefault(it => it.Says("moodCode") == "INT");
        return new Entry.Medication
        {
            Code = code,
            Status = Facts.CodeOf<MedicationStatus>(source, drug, "status") ?? Status(drug, end),
            Intent = Facts.TextOf(source, drug, "intent") ?? (isReported ? null : "plan"),
            IsReported = Facts.TextOf(source, drug, "reported") is { } said ? said == "true" : isReported,
            Dosages = DosageEntry.ReadAll(drug, source),
            Reasons = Incoming.Reasons(source, drug),
            Written = Incoming.AuthorTime(source, drug),
            Start = start,
            End = end,
            Refills = CdaSource.Number(supply.At("repeatNumber", "value")) is { } fills && fills is >= 0 and < 1000 ? Math.Max(0, (int)fills - 1) : null,
            Supply = CdaSource.Amount(supply.One("quantity")),
            By = source.By(drug),
            Comments = Incoming.Comments(source, drug),
        };
    }

    public static XElement Write(Entry.Medication drug, Outgoing entry)
    {
        var mood = drug.IsReported && drug.Intent is null ? "EVN" : "INT";
        var isNegated = drug.Status == MedicationStatus.NotTaken;
        var code = Array.Find(Statuses, pair => pair.Status == drug.Status).Code ?? "active";
        var said = isNegated ? MedicationStatus.NotTaken : StatusOf(code, drug.End);
        var activity = Act("substanceAdministration", "SBADM", mood, isNegated ? A("negationInd", "true") : null, EntryTemplate("16", "2014-06-09"), EntryTemplate("16"), Id(entry.Id), entry.TextLink,
            E("statusCode", A("code", code)), WithType(Interval("effectiveTime", drug.Start, drug.End), "IVL_TS"), Product(Cd("code", drug.Code)), entry.Authors(drug.Written),
            drug.Reasons.Select(Incoming.Reason), Facts.Status("status", drug.Status, said),
            mood == "INT" && drug.Intent != "plan" ? Facts.Text("intent", drug.Intent ?? "unknown") : null,
            drug.IsReported != (mood == "EVN") ? Facts.Text("reported", drug.IsReported ? "true" : "false") : null,
            drug.Refills is null && drug.Supply is null ? null : Relation("REFR", Act("supply", "SPLY", "INT", EntryTemplate("17", "2014-06-09"), Null("id", "NI"), E("statusCode", A("code", "completed")),
                drug.Refills is { } refills && refills >= 0 ? E("repeatNumber", A("value", (refills + 1).ToString(CultureInfo.InvariantCulture))) : null,
                drug.Supply is { } amount ? Pq("quantity", amount) : null)),
            entry.Beside);
        DosageEntry.WriteAll(drug.Dosages, activity);
        return activity;
    }

    public static XElement Product(XElement code, params object?[] more) => E("consumable", E("manufacturedProduct", A("classCode", "MANU"), EntryTemplate("23", "2014-06-09"), EntryTemplate("23"),
        E("manufacturedMaterial", code), more));

    /// <summary>
    /// The status observation, else the code. "Completed" without an end is kept as unknown: many senders write it for a prescription that has been written, not for a drug
    /// that is no longer taken, and a drug that is still taken must not vanish from the list.
    /// </summary>
    private static MedicationStatus Status(XElement drug, PartialTime? end)
    {
        if (drug.IsNegated()) return MedicationStatus.NotTaken;
        var said = drug.Related("observation").FirstOrDefault(status => status.At("code", "code") == "33999-4").At("value", "code");
        return said switch
        {
            "55561003" => MedicationStatus.Active,
            "73425007" or "421139008" => MedicationStatus.OnHold,
            "392521001" or "413322009" => MedicationStatus.Completed,
            "6155003" => MedicationStatus.Stopped,
            _ => StatusOf(Incoming.Status(drug), end),
        };
    }

    private static MedicationStatus StatusOf(string? code, PartialTime? end) => code switch
    {
        "completed" => end is null ? MedicationStatus.Unknown : MedicationStatus.Completed,
        "active" => MedicationStatus.Active,
        "aborted" => MedicationStatus.Stopped,
        "suspended" or "held" => MedicationStatus.OnHold,
        "cancelled" => MedicationStatus.Cancelled,
        "nullified" => MedicationStatus.EnteredInError,
        "new" => MedicationStatus.Draft,
        _ => MedicationStatus.Unknown,
    };

    private static readonly Concept NoneKnown = new() { Text = "No known medications", Codings = [new(CodeSystems.Snomed, "182849000", "No drug therapy prescribed")] };

    private static readonly (string? Code, MedicationStatus Status)[] Statuses =
    [
        ("active", MedicationStatus.Active), ("completed", MedicationStatus.Completed), ("completed", MedicationStatus.Unknown), ("aborted", MedicationStatus.Stopped),
        ("suspended", MedicationStatus.OnHold), ("cancelled", MedicationStatus.Cancelled), ("nullified", MedicationStatus.EnteredInError), ("active", MedicationStatus.NotTaken), ("new", MedicationStatus.Draft),
    ];
}
