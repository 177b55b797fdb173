using Microsoft.ML;
using Microsoft.ML.Data;

namespace LoRA.MLNet.Scoring;

/// <summary>Goes through the predictions of a model for the rows of a view.</summary>
internal sealed class PredictionReader : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly Func<float[]> _values;
    private readonly Func<int> _class;
    private readonly Func<double> _target;

    public PredictionReader(LoraTextTransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        var names = model.Columns;
        var valueColumn = scored.Schema[model.Task == TextTask.Binary ? names.Probability : names.Score];
        DataViewSchema.Column[] label = scored.Schema.GetColumnOrNull(names.Label) is { } found ? [found] : [];
        DataViewSchema.Column[] predicted = model.Task == TextTask.Regression ? [] : [scored.Schema[names.PredictedLabel]];
        _cursor = scored.GetRowCursor([valueColumn, .. predicted, .. label]);
        _target = TargetGetter.Create(_cursor, model) ?? (() => double.NaN);
        _values = model.Task == TextTask.Multiclass ? Vector(_cursor.GetGetter<VBuffer<float>>(valueColumn)) : Number(_cursor.GetGetter<float>(valueColumn));
        _class = model.Task switch
        {
            TextTask.Multiclass => Key(_cursor.GetGetter<uint>(predicted[0])),
            TextTask.Binary => Flag(_cursor.GetGetter<bool>(predicted[0])),
            _ => () => 0,
        };
    }

    /// <summary>Probabilities of the classes, that of true, or in regression the prediction.</summary>
    public float[] Values { get; private set; } = [];

    /// <summary>Index of the class that is predicted; 0 in regression.</summary>
    public int Class { get; private set; }

    /// <summary>What the label says: the index of a class or a number; NaN where there is none.</summary>
    public double Target { get; private set; }

    public bool MoveNext()
    {
        if (!_cursor.MoveNext())
        {
            return false;
        }

        (Values, Class, Target) = (_values(), _class(), _target());
        return true;
    }

    public void Dispose() => _cursor.Dispose();

    private static Func<float[]> Vector(ValueGetter<VBuffer<float>> getter)
    {
        VBuffer<float> buffer = default;
        return () =>
        {
            getter(ref buffer);
            return [.. buffer.DenseValues()];
        };
    }

    private static Func<float[]> Number(ValueGetter<float> getter) => () =>
    {
        float value = 0;
        getter(ref value);
        return [value];
    };

    private static Func<int> Key(ValueGetter<uint> getter) => () =>
    {
        uint key = 0;
        getter(ref key);
        return (int)key - 1;
    };

    private static Func<int> Flag(ValueGetter<bool> getter) => () =>
    {
        var flag = false;
        getter(ref flag);
        return flag ? 1 : 0;
    };
}
