using Chartroom.Platform.Database;

namespace Chartroom.Bench;

public sealed class BenchTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Person = new("00000000-0000-7000-8000-00000000aaaa");

    [Theory]
    [InlineData(1, 50, 1), InlineData(2, 50, 1), InlineData(3, 50, 2)]
    [InlineData(100, 99, 99), InlineData(101, 99, 100), InlineData(0, 99, 0)]
    public void A_percentile_is_the_nearest_rank(int count, int percent, int expectedMilliseconds)
    {
        var each = Enumerable.Range(1, count).Select(it => TimeSpan.FromMilliseconds(it)).ToList();
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMilliseconds), Timings.Percentile(each, percent));
    }

    [Fact]
    public void A_replay_sends_the_same_round_trips_with_their_values()
    {
        var take = Take(("begin", []), ("select 1 where @person = 'x'::text::uuid and @@ and @words = any(@ids)", [("person", Person), ("words", "it's 10:a"), ("ids", new[] { 1, 2 })]));

        var script = Replay.Script([take, Take(("commit", []))], [take, Take(("commit", []))], Noon);

        Assert.EndsWith("""
            \startpipeline
            begin;
            select 1 where '00000000-0000-7000-8000-00000000aaaa'::uuid = 'x'::text::uuid and @@ and U&'it''s 10\003Aa'::text = any(array['1'::int, '2'::int]::int[]);
            \endpipeline
            \startpipeline
            commit;
            \endpipeline

            """, script, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_new_in_each_take_is_new_in_each_replayed_transaction()
    {
        SentBatch Booking(Guid id, int hour) => Take(("insert into x values (@id, @id, @person, @from, @to, @now)",
            [("id", id), ("person", Person), ("from", Noon.AddDays(90).AddHours(hour)), ("to", Noon.AddDays(90).AddHours(hour).AddMinutes(30)), ("now", Noon.AddSeconds(hour))]));

        var script = Replay.Script([Booking(Guid.CreateVersion7(), 1)], [Booking(Guid.CreateVersion7(), 2)], Noon);

        Assert.NotNull(script);
        Assert.Equal(2, script.Split("'0000')::uuid").Length - 1);                       // the new id, the same at both places
        Assert.Contains("'00000000-0000-7000-8000-00000000aaaa'::uuid", script, StringComparison.Ordinal);
        Assert.Contains("+ 0 * interval '1 second'", script, StringComparison.Ordinal);
        Assert.Contains("+ 1800 * interval '1 second'", script, StringComparison.Ordinal);   // half an hour stays half an hour
        Assert.Contains("'2026-03-02 12:00:01.000000+00'::timestamptz", script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transaction_that_only_read_is_rolled_back_before_the_next_begins()
    {
        SentBatch[] take = [Take(("begin", []), ("select 1", [])), Take(("begin", []), ("select 2", [])), Take(("select 3", []), ("commit", []))];

        var sent = Replay.Script(take, take, Noon)!.Split('\n').Where(line => line.Length > 0 && line[0] != '\\');

        Assert.Equal(["begin;", "select 1;", "rollback;", "begin;", "select 2;", "select 3;", "commit;"], sent);
    }

    [Fact]
    public void Takes_of_different_statements_are_no_act_to_replay() =>
        Assert.Null(Replay.Script([Take(("begin", []))], [Take(("begin", []), ("commit", []))], Noon));

    private static SentBatch Take(params (string Text, (string Name, object? Value)[] Values)[] statements) =>
        new([.. statements.Select(it => new SentStatement(it.Text, it.Values.ToDictionary(value => value.Name, value => value.Value)))]);
}
