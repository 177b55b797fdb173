using Microsoft.ML;
using Microsoft.ML.Data;

namespace LoRA.MLNet.Scoring;

/// <summary>
/// Reads the label of a row as what a model should predict: the index of a class, -1 where the model does not know the class, or a number in
/// regression; NaN where the row has no label.
/// </summary>
internal static class TargetGetter
{
    /// <summary>The getter, or null where there is no label column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label column is of a type that the task has no use for.</exception>
    public static Func<double>? Create(DataViewRow row, LoraTextTransformer model) =>
        row.Schema.GetColumnOrNull(model.LabelColumnName) is not { } column ? null : (model.Task, column.Type) switch
        {
            (TextTask.Multiclass, KeyDataViewType) => Key(row, column, model.Labels),
            (TextTask.Multiclass, TextDataViewType) => Text(row, column, model.Labels),
            (TextTask.Binary, BooleanDataViewType) => Read<bool>(row, column, value => value ? 1 : 0),
            (TextTask.Regression, NumberDataViewType type) when type == NumberDataViewType.Single => Read<float>(row, column, value => value),
            _ => throw new ArgumentOutOfRangeException(
                nameof(row), $"Label column '{column.Name}' is of type {column.Type}; the labels of a {model.Task} model are "
                + $"{model.Task switch { TextTask.Multiclass => "keys or texts", TextTask.Binary => "Booleans", _ => "numbers of type Single" }}."),
        };

    private static Func<double> Key(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> labels)
    {
        // keys of another mapping than that of training stand for the same classes under other numbers
        var names = LabelValues.Of(column)?.Names;
        double[]? classes = names is null ? null : [.. names.Select(name => (double)IndexOf(labels, name))];
        double Class(ulong key) => key == 0 ? double.NaN : classes is null ? key - 1 : classes[(int)key - 1];
        return Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.Byte => Read<byte>(row, column, key => Class(key)),
            TypeCode.UInt16 => Read<ushort>(row, column, key => Class(key)),
            TypeCode.UInt32 => Read<uint>(row, column, key => Class(key)),
            _ => Read<ulong>(row, column, Class),
        };
    }

    private static Func<double> Text(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string> labels) =>
        Read<ReadOnlyMemory<char>>(row, column, text => text.IsEmpty ? double.NaN : IndexOf(labels, text.ToString()));

    private static int IndexOf(IReadOnlyList<string> labels, string name) => labels.ToList().IndexOf(name);

    private static Func<double> Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return convert(value);
        };
    }
}
