using System.CommandLine;
using Chartroom.Scribe.Bench;

namespace Chartroom.Bench;

/// <summary>The verifier measured on sets of others: each verb takes a set's folder, writes its rows with what was predicted, and prints figure, floor and published number.</summary>
internal static class VerifierVerbs
{
    public static IEnumerable<Command> Make() =>
    [
        Clauses(),
        Make("pairs", "Flag the changed sentences of texts with one error (MEDEC) against the corrected text.", PairsBench.RunAsync),
        Make("negation", "Tell negated conditions from affirmed ones (the NegEx set).", NegationBench.RunAsync),
    ];

    private static Command Clauses()
    {
        var fit = new Option<bool>("--fit") { Description = "Print the weights of the confidence, fitted anew on this folder." };
        var verb = Make("clauses", "Judge clauses of machine-written notes against the consultation (PriMock57).", ClausesBench.RunAsync,
            async (folder, parsed, ct) =>
            {
                if (parsed.GetValue(fit)) await ClausesBench.FitAsync(folder, Console.Out, ct);
            });
        verb.Options.Add(fit);
        return verb;
    }

    private static Command Make(string name, string description, Func<string, string, TextWriter, CancellationToken, Task> run, Func<string, ParseResult, CancellationToken, Task>? after = null)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The set's folder." };
        var output = new Argument<FileInfo>("OUT") { Description = "Gets the set's rows with the predictions." };
        var verb = new Command(name, description) { folder, output };
        verb.SetAction(async (parsed, ct) =>
        {
            var (from, to) = (parsed.GetValue(folder)!, parsed.GetValue(output)!);   // both are required
            if (!from.Exists)
            {
                await Console.Error.WriteLineAsync($"Stopped: there is no folder {from.FullName}.");
                return 1;
            }
            try
            {
                await run(from.FullName, to.FullName, Console.Out, ct);
                if (after is not null) await after(from.FullName, parsed, ct);
                return 0;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or KeyNotFoundException)   // a folder of another form
            {
                await Console.Error.WriteLineAsync($"Stopped: {from.FullName} is not such a set: {e.Message}");
                return 1;
            }
        });
        return verb;
    }
}
