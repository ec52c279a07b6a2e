using System.CommandLine;
using Chartroom.Scribe.Bench;

namespace Chartroom.Bench;

/// <summary>The verifier, the drafter and the orders proposed from a visit, measured on sets of others: each verb takes a set's folder, writes its rows with what was predicted, and prints figure, floor and published number.</summary>
internal static class VerifierVerbs
{
    public static IEnumerable<Command> Make() =>
    [
        Clauses(),
        Make("pairs", "Flag the changed sentences of texts with one error (MEDEC) against the corrected text.", PairsBench.RunAsync),
        Make("negation", "Tell negated conditions from affirmed ones (the NegEx set).", NegationBench.RunAsync),
        Planted(),
        Make("coverage", "Count what a note must hold (PriMock57's checklists) in drafts, clinicians' notes and dialogues.", CoverageBench.RunAsync),
        Make("speech", "Draft from what speech engines wrote (ACI-Bench with its asr folder, or primock57-asr) and count what their errors cost.", SpeechBench.RunAsync),
        Make("hearing", "Transcribe sound files that have their words in a .txt beside them, by the server's own recogniser.", HearingBench.RunAsync),
        Make("orders", "Propose orders from visits (MEDIQA-OE), every orders_*.json of the folder.", OrdersBench.RunAsync),
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

    private static Command Planted()
    {
        var folder = new Argument<DirectoryInfo>("DIR")
        {
            Description = "Files with the columns dialogue and note.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => new DirectoryInfo(PlantedBench.Folder),
        };
        var output = new Argument<FileInfo?>("OUT.csv") { Description = "Gets a row for each planted error.", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("planted", "Plant errors (number, unit, drug, side, negation, person, date) into reference notes and drafts and count those found.") { folder, output };
        verb.SetAction((parsed, ct) => HoldAsync(parsed.GetValue(folder)!, from => PlantedBench.RunAsync(from, parsed.GetValue(output)?.FullName, Console.Out, ct)));   // has a default
        return verb;
    }

    // What is no such folder is told, not thrown.
    private static async Task<int> HoldAsync(DirectoryInfo from, Func<string, Task> run)
    {
        if (!from.Exists)
        {
            await Console.Error.WriteLineAsync($"Stopped: there is no folder {from.FullName}.");
            return 1;
        }
        try
        {
            await run(from.FullName);
            return 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or KeyNotFoundException)   // a folder of another form
        {
            await Console.Error.WriteLineAsync($"Stopped: {from.FullName} is not such a set: {e.Message}");
            return 1;
        }
    }

    private static Command Make(string name, string description, Func<string, string, TextWriter, CancellationToken, Task> run, Func<string, ParseResult, CancellationToken, Task>? after = null)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The set's folder." };
        var output = new Argument<FileInfo>("OUT") { Description = "Gets the set's rows with the predictions." };
        var verb = new Command(name, description) { folder, output };
        verb.SetAction((parsed, ct) => HoldAsync(parsed.GetValue(folder)!, async from =>                                    // both are required
        {
            await run(from, parsed.GetValue(output)!.FullName, Console.Out, ct);
            if (after is not null) await after(from, parsed, ct);
        }));
        return verb;
    }
}
