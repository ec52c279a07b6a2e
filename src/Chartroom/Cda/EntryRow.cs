using System.Diagnostics;
using System.Globalization;
using Chartroom.Charts;

namespace Chartroom.Cda;

/// <summary>An entry as a row of four cells: what, when, status, details.</summary>
internal static class EntryRow
{
    public static IReadOnlyList<string> Of(Entry content) => content switch
    {
        Entry.Allergy it => [it.Code.Text, Day(it.Onset ?? it.Recorded), Word(it.Status, it.Verification), Join([.. it.Reactions.SelectMany(reaction => reaction.Manifestations.Select(sign => sign.Text).Append(reaction.Severity))])],
        Entry.Medication it => [it.Code.Text, Between(it.Start ?? it.Written, it.End), Word(it.Status), Join([.. it.Dosages.Select(Sig)])],
        Entry.Problem it => [it.Code.Text, Between(it.Onset, it.Abated), Word(it.Status, it.Verification), Join([it.Severity?.Text, .. it.BodySites.Select(site => site.Text)])],
        Entry.Procedure it => [it.Code.Text, Between(it.Start, it.End), Word(it.Status), Join([.. it.BodySites.Select(site => site.Text), it.Place, it.Outcome?.Text])],
        Entry.Result it => [it.What.Code.Text, Day(it.Taken), Word(it.Status), Measured(it.What, it.Parts)],
        Entry.Vital it => [it.What.Code.Text, Day(it.Taken), Word(it.Status), Measured(it.What, it.Parts)],
        Entry.Report it => [it.Code.Text, Day(it.Taken ?? it.Issued), Word(it.Status), Join([it.Conclusion, .. it.Results.Select(result => result.Title)])],
        Entry.Immunization it => [it.Vaccine.Text, Day(it.Given), Word(it.Status), Join([it.WhyNot?.Text, it.Lot is null ? null : $"lot {it.Lot}", it.Manufacturer, it.Site?.Text])],
        Entry.Encounter it => [Join([.. it.Types.Select(type => type.Text)]) is { Length: > 0 } type ? type : "Visit", Between(it.Start, it.End), Word(it.Status), Join([it.Place, .. it.By, .. it.Reasons.Select(reason => reason.Text)])],
        Entry.Document it => [it.Type?.Text ?? it.Description ?? "Document", Day(it.Written), Word(it.Status), Join([.. it.By])],
        Entry.Note it => [it.Title, Day(it.Written), "", Join([.. it.By])],
        _ => throw new UnreachableException(),
    };

    private static string Measured(Measurement what, IReadOnlyList<Measurement> parts) => Join([
        what.Value is { } value ? ObservationEntry.Words(value) : what.WhyAbsent?.Text, .. parts.Select(part => $"{part.Code.Text} {(part.Value is { } read ? ObservationEntry.Words(read) : part.WhyAbsent?.Text)}"),
        .. what.Interpretations.Select(it => it.Text)]);

    private static string Sig(Dosage dosage) => Join([
        dosage.Text, dosage.Dose is { } dose ? ObservationEntry.Words(new Reading { Amount = dose, UpTo = dosage.DoseUpTo }) : null, dosage.Route?.Text,
        dosage is { Period: { } period, PeriodUnit: { } unit } ? string.Create(CultureInfo.InvariantCulture, $"{dosage.Times ?? 1} in {period} {unit}") : null,
        dosage.IsAsNeeded ? "as needed" : null, .. dosage.Instructions]);

    private static string Word(Enum? status, Verification? verification = null) =>
        Join([status is { } known ? Facts.CodeOf(known) : null, verification is { } verified ? Facts.CodeOf(verified) : null]);

    private static string Day(PartialTime? time) => time?.Text ?? "";

    private static string Between(PartialTime? from, PartialTime? to) => to is null ? Day(from) : $"{Day(from)} – {Day(to)}";

    private static string Join(IReadOnlyList<string?> words) => string.Join(", ", words.Where(word => !string.IsNullOrWhiteSpace(word)));
}
