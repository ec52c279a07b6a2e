using System.Diagnostics;
using System.Globalization;
using Chartroom.Transparency;
using Xunit.Abstractions;

namespace Chartroom.Platform.Audit;

/// <summary>All twelve classes at once on one log. The suite makes a share; CHARTROOM_TAMPER_ROWS=1000000 CHARTROOM_TAMPER_CHANGES=10000 the whole.</summary>
public sealed class TamperingTests(ITestOutputHelper output)
{
    private static readonly int Rows = Wanted("CHARTROOM_TAMPER_ROWS", 6000), Changes = Wanted("CHARTROOM_TAMPER_CHANGES", 240);

    [Theory]
    [InlineData(false), InlineData(true)]   // the witness is a file of this host; a program of another
    public async Task AUD_3_Of_thousands_of_changes_in_twelve_classes_at_once_each_row_is_named_online_and_from_an_export_and_no_other(bool isRemote)
    {
        var tamper = await TamperedAtOnce.MakeAsync(Rows, Changes, isRemote);
        await using var log = tamper.Log;
        Assert.Empty((await TimedAsync("untouched, online", log.VerifyAsync)).Findings);

        await tamper.OnRowsAndHeadsAsync();
        foreach (var verdict in new[] { await TimedAsync("online", log.VerifyAsync), await TimedAsync("from an export", log.VerifyExportAsync) })
        {
            Hold(tamper, verdict);
            Assert.Empty(NamedBy(verdict).Except(tamper.Rows));
        }

        await tamper.OnTheEndAsync();
        foreach (var verdict in new[] { await TimedAsync("online, the end too", log.VerifyAsync), await TimedAsync("from an export, the end too", log.VerifyExportAsync) }) Hold(tamper, verdict);
        output.WriteLine($"{tamper.Rows.Count} rows and {tamper.Sizes.Count} heads were changed, dropped or slipped in");
        Assert.True(tamper.Rows.Count + tamper.Sizes.Count >= Changes);
    }

    private static void Hold(TamperedAtOnce tamper, Verdict verdict)
    {
        Assert.Empty(tamper.Rows.Except(NamedBy(verdict)));
        Assert.Empty(tamper.Sizes.Except(verdict.Findings.Select(finding => finding.Position).OfType<long>()));
    }

    private static HashSet<Guid> NamedBy(Verdict verdict) => [.. verdict.Findings.Select(finding => finding.EventId).OfType<Guid>()];

    private async Task<Verdict> TimedAsync(string what, Func<Task<Verdict>> verifyAsync)
    {
        var watch = Stopwatch.StartNew();
        var verdict = await verifyAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {verdict.Size} rows, {verdict.Findings.Count} findings, {watch.Elapsed.TotalSeconds:0.0} s"));
        return verdict;
    }

    private static int Wanted(string name, int share) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{share}", CultureInfo.InvariantCulture);
}
