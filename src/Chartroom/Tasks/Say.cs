using System.Globalization;
using Chartroom.Shell;

namespace Chartroom.Tasks;

/// <summary>Tasks and recalls in the words of people.</summary>
internal static class Say
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    public static readonly IReadOnlyList<SelectField.Option> Kinds =
        [new("general", "To do"), new("call_back", "Call back"), new("rebook", "Book again"), new("results", "Results"), new("paperwork", "Paperwork")];

    public static readonly IReadOnlyList<SelectField.Option> Priorities = [new("normal", "Normal"), new("high", "High"), new("low", "Low")];

    public static readonly IReadOnlyList<SelectField.Option> Units = [new("days", "days"), new("weeks", "weeks"), new("months", "months")];

    public static readonly IReadOnlyList<SelectField.Option> Teams = [new("front_desk", "Front desk"), new("provider", "Providers"), new("admin", "Administrators")];

    public static string Of(TaskKind kind) => Kinds[(int)kind].Text;

    public static string Of(Team team) => Teams[(int)team].Text;

    public static string IconOf(TaskKind kind) => kind switch
    {
        TaskKind.CallBack => "phone",
        TaskKind.Rebook => "calendar",
        TaskKind.Results => "flask",
        TaskKind.Paperwork => "file-text",
        _ => "check",
    };

    /// <summary><c>Mon, Mar 2</c>; with the year unless it is this one.</summary>
    public static string Day(DateOnly day, DateOnly today) =>
        day == today ? "today" : day == today.AddDays(1) ? "tomorrow" : day == today.AddDays(-1) ? "yesterday"
        : day.ToString(day.Year == today.Year ? "ddd, MMM d" : "ddd, MMM d, yyyy", English);

    public static string Day(DateTime local) => local.ToString("ddd, MMM d, yyyy", English);

    public static string Clock(DateTime local) => local.ToString("h:mm tt", English);

    public static string Month(DateOnly day) => day.ToString("MMMM yyyy", English);

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Status(string status) => status switch
    {
        "no_show" => "did not come",
        "left_without_being_seen" => "left unseen",
        "cancelled" => "cancelled",
        "completed" => "completed",
        _ => "planned",
    };

    public static string Repeats(int every, RepeatUnit unit)
    {
        var words = unit.ToString().ToLowerInvariant();
        return every == 1 ? $"every {words[..^1]}" : string.Create(CultureInfo.InvariantCulture, $"every {every} {words}");
    }
}
