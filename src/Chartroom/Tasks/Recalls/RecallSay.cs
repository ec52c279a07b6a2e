using Chartroom.Shell;

namespace Chartroom.Tasks;

/// <summary>Recalls in the words of people.</summary>
internal static class RecallSay
{
    public static readonly IReadOnlyList<SelectField.Option> Hows = [new("call", "Telephone call"), new("text", "Text message"), new("email", "E-mail"), new("letter", "Letter")];

    public static readonly IReadOnlyList<SelectField.Option> Outcomes =
        [new("no_answer", "No answer"), new("left_message", "Left a message"), new("sent", "Sent"), new("reached", "Reached, will call back"), new("wrong_number", "Wrong number or address"), new("declined", "Does not want to come")];

    public static string Of(AttemptHow how) => Hows[(int)how].Text;

    public static string Of(AttemptOutcome outcome) => Outcomes[(int)outcome].Text;

    public static string Of(RecallState state) => state switch
    {
        RecallState.Due => "Due",
        RecallState.Booked => "Booked",
        RecallState.Declined => "Declined",
        RecallState.Unreachable => "Not reachable",
        _ => "Not needed",
    };

    public static Tone ToneOf(RecallState state) => state switch
    {
        RecallState.Booked => Tone.Good,
        RecallState.Declined or RecallState.Unreachable => Tone.Warn,
        _ => Tone.Neutral,
    };

    public static string Due(Recall recall, DateOnly today) => recall.IsMonth ? Say.Month(recall.DueOn) : Say.Day(recall.DueOn, today);

    public static string Tries(int attempts) => attempts switch { 0 => "not tried yet", 1 => "tried once", 2 => "tried twice", _ => $"tried {attempts} times" };

    /// <summary>The booking form with everything the recall knows.</summary>
    public static string BookNow(Recall recall) =>
        $"/day/book?patient={recall.PatientId}&type={recall.VisitTypeId}{(recall.ProviderId is { } provider ? $"&provider={provider}" : null)}";
}
