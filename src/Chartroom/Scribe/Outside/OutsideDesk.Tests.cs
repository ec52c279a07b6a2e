using System.Text.Json.Nodes;
using Chartroom.Assist;

namespace Chartroom.Scribe;

/// <summary>A clinic whose visit notes a double of a model drafts.</summary>
internal sealed class OutsideDesk : IAsyncDisposable
{
    private OutsideDesk(ReviewDesk desk, ModelDouble model) => (Desk, Model) = (desk, model);

    public ReviewDesk Desk { get; }
    public ModelDouble Model { get; }
    public TestClinic Clinic => Desk.Clinic;
    public DraftingWorker Worker => Clinic.The<DraftingWorker>();

    public static async Task<OutsideDesk> OpenAsync(bool isOnTheNet = false)
    {
        var desk = await ReviewDesk.OpenAsync(isOnTheNet, "--Assist:AllowLoopback=true");
        var model = await ModelDouble.StartAsync();
        model.Says = KneeNote;
        await model.TurnOnAsync(desk.Clinic);
        return new(desk, model);
    }

    /// <summary>What a good model answers about <see cref="SampleVisits.Knee"/>: two sound statements, one that is wrong, one without a source.</summary>
    public static string KneeNote(IReadOnlyList<AssistPassage> passages)
    {
        string At(string words) => passages.First(it => it.Text.Contains(words, StringComparison.Ordinal)).Id;
        return ModelDouble.Statements(
            ("HISTORY OF PRESENT ILLNESS", "Twisted the left knee on the stairs about three weeks ago.", [At("twisted my left knee")]),
            ("ASSESSMENT AND PLAN", "MRI of the left knee.", [At("order an MRI")]),
            ("ASSESSMENT AND PLAN", "Meloxicam 50 mg once a day by mouth.", [At("meloxicam")]),
            ("ASSESSMENT AND PLAN", "Refer to cardiology.", []));
    }

    /// <summary>Adds the transcript; answers the status.</summary>
    public async Task<(int Status, string? Code)> AddAsync(string text = SampleVisits.Knee) => await Desk.AddAsync(text) is var reply ? (reply.Status, reply.Code) : default;

    /// <summary>Works until nothing is due, the clock going on to when something is.</summary>
    public async Task WorkAsync()
    {
        while (await Worker.WorkAsync(Clinic.Id, CancellationToken.None) is { } again) Clinic.Clock.AdjustTime(again);
    }

    public Task<JsonObject> ProgressAsync() => Desk.GetAsync($"/api/v1/visits/{Desk.Visit}/drafting", ClinicRole.Provider);

    public Task<string> PageAsync() => Desk.PageAsync($"/visits/{Desk.Visit}/review", ClinicRole.Provider);

    public async Task DiscardAsync() =>
        Assert.Equal(204, (await Desk.SendAsync($"/api/v1/drafts/{(await ProgressAsync())["draftId"]}/discard", new { reason = "again" }, null, ClinicRole.Provider)).Status);

    public async ValueTask DisposeAsync()
    {
        await Desk.DisposeAsync();
        await Model.DisposeAsync();
    }
}
