using Chartroom.Shell;

namespace Chartroom.Bench;

public sealed class RotateBenchTests
{
    [Fact]
    public async Task KEY_2_A_rotation_whose_process_is_killed_beside_eight_at_work_loses_no_read_and_leaves_nothing_under_an_old_key()
    {
        await using var app = Host.Build(TestDatabase.Settings(await TestDatabase.ConnectionAsync()), _ => { });
        using var report = new StringWriter();

        var outcome = await new RotateBench(app.Services, "test-rotate", report).RunAsync(new(Cells: 4000, Desks: 8, Kills: 4), default);

        Assert.True(outcome.IsClean, report.ToString());
        Assert.True(outcome is { Kills: >= 2, Cells: > 3900, Acts: { Reads: > 20, Writes: > 5 } }, report.ToString());
    }
}
