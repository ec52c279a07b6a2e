using System.Collections;
using System.Reflection;

namespace Chartroom.Shell;

/// <summary>Leaves a text exactly as typed, for passwords: no trimming of spaces.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AsTypedAttribute : Attribute;

/// <summary>
/// Reads form fields into a record through its constructor. Collects every field that cannot be read instead of stopping at the first. A
/// missing text is null for <c>string?</c> and empty for <c>string</c>; a missing box is false; another missing value is null, the
/// parameter's default, or an error.
/// </summary>
internal static class FormReader
{
    /// <summary>One list holds at most this many records, so that a hostile index costs nothing.</summary>
    internal const int MostRows = 500;

    internal static Outcome<TAsk> Read<TAsk>(IFormCollection fields)
    {
        var reading = new Reading(fields, []);
        var value = reading.Record(typeof(TAsk), "");
        if (reading.Errors.Count > 0) return Refusals.FormInvalid with { Errors = reading.Errors };
        return (TAsk)value;
    }

    private sealed record Reading(IFormCollection Fields, Dictionary<string, string> Errors)
    {
        private const string SentTwice = "This was sent more than once. Please open the page anew.";

        private static readonly NullabilityInfoContext Nullability = new();

        internal object Record(Type type, string prefix)
        {
            var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)
                ?? throw new InvalidOperationException($"{type} has no public constructor to read a form into.");
            object?[] arguments = [.. constructor.GetParameters().Select(parameter => Argument(parameter, prefix))];
            return Errors.Count > 0 ? new object() : constructor.Invoke(arguments);
        }

        private object? Argument(ParameterInfo parameter, string prefix)
        {
            var name = prefix + CamelCase(parameter.Name!);   // constructor parameters of records have names
            var type = parameter.ParameterType;
            if (type == typeof(string)) return Text(parameter, name);
            if (ElementOf(type) is { } element) return List(element, name);
            var plain = Nullable.GetUnderlyingType(type) ?? type;
            if (FormValue.CanRead(plain)) return Value(parameter, plain, name);
            var isSent = Fields.Keys.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal));
            return isSent || !IsNullable(parameter) ? Record(plain, name + ".") : null;
        }

        private object? Text(ParameterInfo parameter, string name)
        {
            if (Fields[name].Count > 1) Errors[name] = SentTwice;
            var typed = (Fields[name].FirstOrDefault() ?? "").ReplaceLineEndings("\n");
            // PostgreSQL takes no NUL.
            if (typed.Contains('\0', StringComparison.Ordinal)) Errors[name] = "This holds a sign that cannot be kept.";
            if (parameter.GetCustomAttribute<AsTypedAttribute>() is null) typed = typed.Trim();
            return typed.Length == 0 && IsNullable(parameter) ? null : typed;
        }

        private object? Value(ParameterInfo parameter, Type plain, string name)
        {
            if (Fields[name].Count > 1) Errors[name] = SentTwice;
            var typed = (Fields[name].FirstOrDefault() ?? "").Trim();
            if (typed.Length == 0)
            {
                if (plain == typeof(bool)) return false;
                if (parameter.HasDefaultValue) return parameter.DefaultValue;
                if (Nullable.GetUnderlyingType(parameter.ParameterType) is not null) return null;
                Errors[name] = "Please fill this in.";
                return null;
            }
            if (FormValue.TryRead(plain, typed, out var value)) return value;
            Errors[name] = FormValue.Expected(plain);
            return null;
        }

        private Array List(Type element, string name)
        {
            var rows = FormValue.CanRead(element) || element == typeof(string) ? Plain(element, name) : Records(element, name);
            var list = Array.CreateInstance(element, rows.Count);
            if (Errors.Count == 0) ((IList)rows).CopyTo(list, 0);
            return list;
        }

        private List<object> Plain(Type element, string name)
        {
            var values = new List<object>();
            foreach (var typed in Fields[name].Select(typed => (typed ?? "").Trim()).Where(typed => typed.Length > 0))
            {
                if (element == typeof(string)) values.Add(typed);
                else if (FormValue.TryRead(element, typed, out var value)) values.Add(value);
                else Errors[name] = FormValue.Expected(element);
            }
            return values;
        }

        // Rows keep the order of their numbers; numbers may be missing, because a row can be taken out in the browser.
        private List<object> Records(Type element, string name)
        {
            var numbers = Fields.Keys.Select(key => RowNumber(key, name)).OfType<int>().Distinct().Order().ToArray();
            return [.. numbers.Select(number => Record(element, $"{name}[{number}]."))];
        }

        private static int? RowNumber(string key, string name)
        {
            if (!key.StartsWith(name + "[", StringComparison.Ordinal)) return null;
            var end = key.IndexOf(']', name.Length);
            if (end < 0 || !int.TryParse(key.AsSpan(name.Length + 1, end - name.Length - 1), out var number)) return null;
            return number is >= 0 and < MostRows ? number : null;
        }

        private static bool IsNullable(ParameterInfo parameter)
        {
            // The context is not thread-safe.
            lock (Nullability) return Nullability.Create(parameter).WriteState is NullabilityState.Nullable;
        }
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        return type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var element]
            && type.IsAssignableFrom(element.MakeArrayType()) ? element : null;
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
