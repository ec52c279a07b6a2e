using System.Text.RegularExpressions;
using Chartroom.Charts;
using Chartroom.Demo;
using Chartroom.Scribe.Language;
using Chartroom.Scribe.Seeding;

namespace Chartroom.Scribe;

/// <summary>The summary that is built in, over many made-up charts: all of it cited, nothing in it that its entries do not say.</summary>
public sealed partial class SummaryDrafterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 14, 0, 0, TimeSpan.Zero);

    /// <summary>60 charts of the demo's, and some with what those do not have.</summary>
    private static IEnumerable<ChartMaterial> MadeUp() => Enumerable.Range(1, 60).Select(seed => Of([.. DemoCharts.Of(seed, new DateOnly(1930 + seed % 90, 5, 17), Now)])).Append(Of(Odd()));

    private static ChartMaterial Of(IReadOnlyList<Entry> entries) => new(
        [.. entries.OrderByDescending(it => it.At?.Earliest).Select(it => ChartWording.Of(new ChartEntry
        {
            Id = EntryId.New(), Version = 1, State = EntryState.Final, RecordedAt = Now, EffectiveAt = it.At?.Earliest, Content = it,
        }, "America/New_York"))], [], []) { Zone = "America/New_York", Now = Now };

    private static Entry[] Odd() =>
    [
        new Entry.Problem { Code = new() { Text = "Osteoarthritis of the left knee" }, OnsetText = "about ten years ago", Verification = Chartroom.Charts.Verification.Provisional },
        new Entry.Problem { Code = new() { Text = "Resolved pneumonia" }, Status = ProblemStatus.Resolved },
        new Entry.Allergy { Code = new() { Text = "No known food allergies" } },
        new Entry.Allergy { Code = new() { Text = "Penicillin" }, Criticality = Criticality.High, Reactions = [new() { Manifestations = [new() { Text = "Hives" }], Severity = "mild" }] },
        new Entry.Medication { Code = new() { Text = "Amoxicillin 500 mg capsule" }, Status = MedicationStatus.OnHold, Dosages = [new() { Dose = new(1, "{capsule}", "capsule"), Times = 3, Period = 1, PeriodUnit = "d" }] },
        new Entry.Medication { Code = new() { Text = "Lisinopril 10 mg tablet" }, Status = MedicationStatus.Stopped },
        Result("Potassium", 5.9m, "mmol/L", "2026-02-20T15:00:00Z", "High"), Result("Potassium", 4.1m, "mmol/L", "2025-08-20T15:00:00Z", null), Result("Potassium", 410m, "mg/L", "2025-01-20T15:00:00Z", null),
        new Entry.Result { Status = ObservationStatus.Final, Categories = [new() { Text = "survey" }], What = new() { Code = new() { Text = "PHQ-9" }, Value = new() { Amount = new(4, null) } }, Taken = PartialTime.Of(Now.AddDays(-9)) },
        new Entry.Note
        {
            Title = "Follow-up note", Written = PartialTime.Of(Now.AddDays(-20)), Sections = [new("HISTORY", "Told at length."), new("ASSESSMENT AND PLAN", "Left knee pain, no effusion. Continue lisinopril 10 mg daily. She denies chest pain. Return in 4 weeks. A fifth sentence is left out.")],
        },
        new Entry.Note { Title = SummaryDrafter.Title, Written = PartialTime.Of(Now.AddDays(-2)), Sections = [new("ASSESSMENT", "A summary is no source of another.")] },
    ];

    private static Entry.Result Result(string name, decimal value, string unit, string at, string? flag) => new()
    {
        Status = ObservationStatus.Final, Categories = [new() { Text = "laboratory" }], Taken = PartialTime.Of(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)),
        What = new() { Code = new() { Text = name }, Value = new() { Amount = new(value, unit) }, Interpretations = flag is null ? [] : [new() { Text = flag }], Ranges = [new(3.5m, 5.1m, null)] },
    };

    [Fact]
    public void AI_7_Every_statement_of_a_summary_is_cited_and_no_number_or_drug_in_it_is_foreign_to_its_entries()
    {
        var (statements, told) = (0, new List<string>());
        foreach (var drafted in MadeUp().Select(SummaryDrafter.Write).OfType<DraftedText>())
        {
            var verdicts = SummaryVerdict.Of(drafted.Source.Text, drafted.Draft, ChartFacts.None).Statements;
            foreach (var (it, verdict) in drafted.Draft.Statements.Zip(verdicts))
            {
                statements++;
                var cited = string.Join('\n', it.Citations.Select(drafted.Source.Text.Find));
                if (it.Citations.Count == 0 || it.Citations.Any(at => drafted.Source.Text.Find(at) is null || !drafted.Source.Places.ContainsKey(at.Split('.')[0]))) told.Add($"uncited: {it.Text}");
                told.AddRange(Numbers().Matches(it.Text).Select(match => match.Value).Where(number => !Numbers().Matches(cited).Any(match => match.Value == number)).Select(number => $"number {number}: {it.Text}"));
                told.AddRange(DrugsIn(it.Text).Except(DrugsIn(cited)).Select(drug => $"drug {drug}: {it.Text}"));
                if (verdict is not { Verdict: Verdict.Supported, Findings.Count: 0 }) told.Add($"{verdict.Verdict} {string.Join(' ', verdict.Findings.Select(found => found.Message))}: {it.Text}");
            }
        }
        Assert.True(told.Count == 0, $"{told.Count} of {statements}:\n{string.Join('\n', told.Distinct().Take(40))}");
        Assert.True(statements > 500, $"{statements}");
    }

    [Fact]
    public void AI_7_A_wrong_number_drug_side_date_or_negation_planted_into_a_summary_is_flagged()
    {
        var planted = new Dictionary<string, int>(StringComparer.Ordinal);
        var missed = new List<string>();
        foreach (var drafted in MadeUp().Select(SummaryDrafter.Write).OfType<DraftedText>())
            foreach (var statement in drafted.Draft.Statements)
                foreach (var (kind, text) in Planter.All(statement.Text, ["ticagrelor"]))
                {
                    var alone = new Draft(SummaryDrafter.Info, [new DraftSection(statement.Section, [statement with { Text = text }])]);
                    planted[kind] = planted.GetValueOrDefault(kind) + 1;
                    if (!ReviewedStatement.Flags(SummaryVerdict.Of(drafted.Source.Text, alone, ChartFacts.None).Statements[0])) missed.Add($"{kind}: {statement.Text} -> {text}");
                }

        Assert.True(missed.Count == 0, string.Join('\n', missed.Take(20)));
        Assert.True(planted["number"] > 400 && planted["drug"] > 20 && planted["date"] > 100 && planted["side"] > 2, string.Join(", ", planted));
    }

    [Theory]
    [InlineData("Potassium 5.9 mmol/L, High, on February 20, 2026, up from 4.1 mmol/L on August 20, 2025.", false)]
    [InlineData("Potassium 5.9 mmol/L, High, on February 20, 2026, down from 4.1 mmol/L on August 20, 2025.", true)]
    [InlineData("Potassium 5.9 mmol/L, High, on February 20, 2026, unchanged from 4.1 mmol/L on August 20, 2025.", true)]
    public void A_trend_that_the_figures_do_not_have_is_flagged(string text, bool isFlagged)
    {
        var drafted = SummaryDrafter.Write(Of(Odd()))!;
        var told = drafted.Draft.Statements.Single(it => it.Section == "RESULTS") with { Text = text };
        Assert.Equal(isFlagged, ReviewedStatement.Flags(SummaryVerdict.Of(drafted.Source.Text, new Draft(SummaryDrafter.Info, [new DraftSection("RESULTS", [told])]), ChartFacts.None).Statements[0]));
    }

    [Fact]
    public void A_summary_tells_what_counts_today_and_how_it_came_about()
    {
        var drafted = SummaryDrafter.Write(Of(Odd()))!;

        Assert.Equal(
        [
            "PROBLEMS: Osteoarthritis of the left knee, provisional, since about ten years ago.",
            "ALLERGIES: Allergy: Penicillin, Hives, high risk.", "ALLERGIES: No known food allergies.",
            "MEDICATIONS: Amoxicillin 500 mg capsule: 1 capsule, 3 times every day, on hold.",
            "RESULTS: Potassium 5.9 mmol/L, High, on February 20, 2026, up from 4.1 mmol/L on August 20, 2025.",
            "LAST NOTES: Left knee pain, no effusion.", "LAST NOTES: Continue lisinopril 10 mg daily.", "LAST NOTES: She denies chest pain.", "LAST NOTES: Return in 4 weeks.",
        ], drafted.Draft.Statements.OrderBy(it => it.Section == "ALLERGIES" ? it.Text : "", StringComparer.Ordinal).OrderBy(it => Array.IndexOf(["PROBLEMS", "ALLERGIES", "MEDICATIONS", "RESULTS", "LAST NOTES"], it.Section)).Select(it => $"{it.Section}: {it.Text}"));
        Assert.Null(SummaryDrafter.Write(Of([])));
    }

    [Fact]
    public void What_changed_or_came_in_after_drafting_is_named()
    {
        var chart = Of(Odd());
        var source = SummaryDrafter.Write(chart)!.Source;
        Assert.False(chart.Since(source).IsAny);

        var changed = chart with
        {
            Entries = [.. chart.Entries.Select(it => it.Title == "Penicillin" ? it with { Version = 2 } : it).Where(it => !it.Title.StartsWith("Amoxicillin", StringComparison.Ordinal)),
                ChartWording.Of(new ChartEntry { Id = EntryId.New(), Version = 1, State = EntryState.Final, RecordedAt = Now, Content = new Entry.Problem { Code = new() { Text = "Gout" } } }, "UTC")],
        };

        var since = changed.Since(source);
        Assert.Equal((2, 1), (since.Changed.Count, since.Added));
        Assert.All(since.Changed, turn => Assert.Matches("Penicillin|Amoxicillin", source.Text.Find(turn)));
    }

    private static IEnumerable<string> DrugsIn(string text) => Facts.Read(text).Mentions.Where(it => it.Term.Kind == TermKind.Drug).Select(it => it.Term.Concept).Distinct();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Numbers();
}
