using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Chartroom.Shell;

/// <summary>Plain values as people and browsers write them: days as 2026-03-04 or 3/4/2026, times as 09:30, numbers with a point.</summary>
internal static class FormValue
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private static readonly HashSet<Type> Plain =
        [typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(DateOnly), typeof(TimeOnly), typeof(Guid)];

    private static readonly string[] DayFormats = ["yyyy-MM-dd", "M/d/yyyy"];
    private static readonly string[] TimeFormats = ["HH:mm", "H:mm", "HH:mm:ss", "h:mm tt"];

    internal static bool CanRead(Type type) =>
        type.IsEnum || type.IsAssignableTo(typeof(IId)) || Plain.Contains(type);

    internal static bool TryRead(Type type, string typed, [NotNullWhen(true)] out object? value)
    {
        value = Read(type, typed);
        return value is not null;
    }

    /// <summary>What to write instead, for the person at the form.</summary>
    internal static string Expected(Type type)
    {
        if (type == typeof(DateOnly)) return "There is no such day. Write it as month/day/year.";
        if (type == typeof(TimeOnly)) return "Write the time as 09:30.";
        if (type == typeof(int) || type == typeof(long)) return "Write a whole number.";
        return type == typeof(decimal) ? "Write a number." : "Choose one of the list.";
    }

    private static object? Read(Type type, string typed)
    {
        if (type.IsEnum) return EnumValue(type, typed);
        if (type == typeof(bool)) return typed switch { "true" or "on" or "1" => true, "false" or "off" or "0" => false, _ => null };
        if (type == typeof(int)) return int.TryParse(typed, NumberStyles.AllowLeadingSign, Invariant, out var number) ? number : null;
        if (type == typeof(long)) return long.TryParse(typed, NumberStyles.AllowLeadingSign, Invariant, out var number) ? number : null;
        if (type == typeof(decimal)) return decimal.TryParse(typed, PlainDecimal, Invariant, out var amount) ? amount : null;
        if (type == typeof(DateOnly)) return DateOnly.TryParseExact(typed, DayFormats, Invariant, DateTimeStyles.None, out var day) ? day : null;
        if (type == typeof(TimeOnly)) return TimeOnly.TryParseExact(typed, TimeFormats, Invariant, DateTimeStyles.None, out var at) ? at : null;
        if (!Guid.TryParseExact(typed, "D", out var key)) return null;
        return type == typeof(Guid) ? key : Activator.CreateInstance(type, key);
    }

    private const NumberStyles PlainDecimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    // Names only: "7" is no role. Both FrontDesk and front_desk are names of one.
    private static object? EnumValue(Type type, string typed)
    {
        var bare = typed.Replace("_", "", StringComparison.Ordinal);
        var name = Enum.GetNames(type).FirstOrDefault(name => string.Equals(name, bare, StringComparison.OrdinalIgnoreCase));
        return name is null ? null : Enum.Parse(type, name);
    }
}
