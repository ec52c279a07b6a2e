using Chartroom.Scribe.Bench;
using Chartroom.Scribe.Language;

namespace Chartroom.Scribe.Orders;

public sealed class OrderFinderTests
{
    private const string Visit = """
        [doctor] Hello, what brings you in?
        [patient] My left knee hurts since I fell, and my doctor gave me naproxen in May.
        [doctor] Let's look at your x-ray, it shows no fracture.
        [doctor] So for your first problem, the knee sprain, I'm going to start you on meloxicam fifteen milligrams once a day.
        [doctor] I'd like to order an MRI of the knee.
        [doctor] For your diabetes, I want to get a hemoglobin a1c in three months, and please stop taking the ibuprofen.
        [doctor] I'll see you back in two weeks.
        [doctor] If it gets worse, come back next week.
        [patient] Okay.
        """;

    [Fact]
    public void What_the_clinician_commits_to_is_proposed_with_its_reason_and_its_place_and_nothing_else()
    {
        var orders = OrderFinder.Find(Scene.Of(SampleVisits.Of(Visit)));

        Assert.Equal(
        [
            "Medication: meloxicam fifteen milligrams once a day (knee sprain) t4",
            "Imaging: mri (knee sprain) t4 t5",
            "Medication: stop ibuprofen (diabetes) t6",
            "Lab: hemoglobin a1c in three months (diabetes) t6",
            "FollowUp: see you back two weeks () t7",
        ], orders.Select(it => $"{it.Type}: {it.Description} ({it.Reason}) {string.Join(' ', it.Spans.Select(span => span.Split('.')[0]).Distinct())}"));
    }

    [Fact]
    public void A_proposed_order_reads_as_one_would_write_it_with_what_it_is_for_and_how_sure_that_is()
    {
        var draft = OrderDrafter.Write(SampleVisits.Of(SampleVisits.Knee), ChartFacts.None with { Allergies = ["Aspirin"] })!;

        Assert.Equal(
        [
            "MEDICINES: Stop ibuprofen (left knee pain) t17.s1 t18.s1",
            "MEDICINES: Meloxicam 15 mg once a day (left knee pain) t17.s1 t18.s1 The chart lists an allergy to a drug of the same class, nsaids.",
            "IMAGING: MRI (left knee pain) t17.s1 t17.s2",
            "FOLLOW-UP: See back in 4 weeks () t19.s2",
        ], draft.Draft.Statements.Zip(draft.Verification.Statements).Select(it => $"{it.First.Section}: {it.First.Text} ({it.First.Purpose}) {string.Join(' ', it.First.Citations)} {(it.Second.Findings is [var found, ..] ? found.Message : null)}".TrimEnd()));
        Assert.All(draft.Verification.Statements, it => Assert.Equal(Verdict.Supported, it.Verdict));
    }

    [Fact]
    public void The_score_pairs_orders_by_their_words()
    {
        var score = new OrdersScore();
        OrdersBench.SetOrder mri = new("imaging", "mri of the knee", "sprain", [4, 5]), pill = new("medication", "meloxicam 15 mg", null, [4]);

        score.Add([mri, pill], [pill with { Provenance = [4, 6] }, mri with { Description = "mri", Type = "lab" }]);

        Assert.Equal("match 100.0, description 76.9, reason 100.0, type 50.0, provenance 85.7", score.ToString());
    }
}
