using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Time off in words.</summary>
internal static class TimeOffWords
{
    internal static readonly IReadOnlyList<SelectField.Option> Kinds = [.. Enum.GetValues<TimeOffKind>().Select(kind => new SelectField.Option(Names.Of(kind), KindText(Names.Of(kind))))];

    internal static string KindText(string kind) => kind switch
    {
        "vacation" => "Vacation",
        "sick" => "Sick",
        "training" => "Training",
        "meeting" => "Meeting",
        "break" => "Break",
        _ => "Other",
    };

    /// <summary>By the wall clock it was entered by.</summary>
    internal static string When(TimeOff off) => ClosureWords.When(ClinicTime.Local(off.StartsAt, off.TimeZone), ClinicTime.Local(off.EndsAt, off.TimeZone));
}
